"""Why lines are rejected and what their producer can do: docs/events.md and `jobmatch validate` share it."""

from dataclasses import dataclass

from jobmatch_assets.contracts.event_fields import DEEPEST_NESTING, LONGEST_EVENT_ID


@dataclass(frozen=True)
class Rejection:
    """A reason of quarantine.

    Attributes:
        when: What is the matter with the line.
        fix: What its producer does about it.
        fields: What to show of a line that is rejected for it, missing or not.
        event: The event of `EVENT_EXAMPLES` that the two texts below change.
        rejected: Members that give the example this reason; a description where no text can show it.
        mended: Members that make it valid.
    """

    when: str
    fix: str
    fields: tuple[str, ...]
    event: str
    rejected: str
    mended: str


REJECTIONS = {
    "line_too_long": Rejection(
        "More than 1 MiB (1,048,576 bytes, line end not counted).",
        "Send large texts elsewhere, and their key here.",
        (),
        "profile_update",
        "a value of 2 MB",
        '"cv_id": "cv-31"',
    ),
    "not_utf8": Rejection(
        "Its bytes are not UTF-8.",
        "Write the file in UTF-8, not in Latin-1 or UTF-16.",
        (),
        "search",
        "ö in Latin-1",
        '"search_query": "Köln"',
    ),
    "not_json": Rejection(
        f"It is not JSON (RFC 8259), or more than {DEEPEST_NESTING} arrays and objects are open at once.",
        "Let a JSON library write the line: one whole object, no line breaks in it, no NaN or Infinity, no "
        "comma before a closing bracket, control characters escaped; flatten what nests deeply.",
        (),
        "click",
        '"bid": NaN',
        '"bid": null',
    ),
    "not_an_object": Rejection(
        "It is JSON, but an array, a string, a number, true, false or null.",
        "Write one object a line, without an array around them.",
        (),
        "click",
        "`[{…}, {…}]`",
        '"bid": 0.25',
    ),
    "unsupported_schema_version": Rejection(
        "schema_version is neither the number 1 nor the number 2.",
        "Send 2 (or 1, or nothing), as a number without quotes.",
        ("schema_version",),
        "click",
        '"schema_version": "2"',
        '"schema_version": 2',
    ),
    "missing_event_id": Rejection(
        f"event_id is missing, empty, no string, or longer than {LONGEST_EVENT_ID} characters.",
        "Make an identifier (a UUID, say) when the event happens, send it as a string, and keep it when the "
        "event is sent again.",
        ("event_id",),
        "click",
        '"event_id": 4711',
        '"event_id": "4711"',
    ),
    "unknown_event_name": Rejection(
        "event_name is missing, or neither one of the twelve nor in `JOBMATCH_OTHER_EVENT_NAMES`.",
        "Send one of the twelve names as it is written in docs/events.md, in lower case.",
        ("event_name",),
        "click",
        '"event_name": "Click"',
        '"event_name": "click"',
    ),
    "bad_event_ts": Rejection(
        "event_ts is missing, cannot be read, or does not say its offset from UTC.",
        "Send 2026-03-01T09:30:00Z, or with an offset such as +01:00, or epoch seconds or milliseconds as "
        "a number.",
        ("event_ts",),
        "click",
        '"event_ts": "2026-03-01T09:30:00"',
        '"event_ts": "2026-03-01T09:30:00+01:00"',
    ),
    "event_ts_in_future": Rejection(
        "The UTC date of event_ts is later than the day after the file's own day.",
        "Set the clock right; put events into a file of the day on which they are sent.",
        ("event_ts",),
        "click",
        '"event_ts": "2062-03-01T09:30:00Z"',
        '"event_ts": "2026-03-01T09:30:00Z"',
    ),
    "event_ts_too_old": Rejection(
        "The UTC date of event_ts lies before the first partition (`JOBMATCH_PARTITIONS_START`).",
        "Look whether the clock starts at 1970, or seconds were divided by 1,000; older history has to be "
        "agreed with those who run the platform.",
        ("event_ts",),
        "click",
        '"event_ts": 1772357',
        '"event_ts": 1772357420',
    ),
    "missing_identity": Rejection(
        "Neither user_id nor anonymous_id.",
        "Send user_id of those who are signed in, else the anonymous_id of the device.",
        ("user_id", "anonymous_id"),
        "login",
        '"user_id": null, "anonymous_id": ""',
        '"user_id": null, "anonymous_id": "cookie-9f2"',
    ),
    "missing_job_id": Rejection(
        "An event about a job does not say which.",
        "Send job_id.",
        ("event_name", "job_id"),
        "bookmark",
        '"job_id": ""',
        '"job_id": "job-77"',
    ),
    "missing_search_id": Rejection(
        "A version 2 search, or impression on the surface search, does not say to which list it belongs.",
        "Make a search_id with each search; send it with its impressions and everything that follows "
        "from them.",
        ("event_name", "search_id"),
        "search",
        '"search_id": null',
        '"search_id": "q-1001"',
    ),
    "bad_rank_position": Rejection(
        "rank_position is no whole number from 1 on, or missing on an impression with a search_id.",
        "Count the places of the whole list, over all pages, from 1.",
        ("rank_position",),
        "impression",
        '"rank_position": 0',
        '"rank_position": 1',
    ),
    "incomplete_experiment": Rejection(
        "An experiment_id without its variant, or the other way round, beside each other or in experiments.",
        "Send both or neither.",
        ("experiment_id", "variant", "experiments"),
        "apply",
        '"variant": null',
        '"variant": "control"',
    ),
    "bad_application_status": Rejection(
        "application_status is none of the ten; or the event application_status lacks it, or its "
        "application_id.",
        "Send both with the event application_status, the status in lower case.",
        ("application_status", "application_id"),
        "application_status",
        '"application_status": "Hired"',
        '"application_status": "placed"',
    ),
    "bad_field_type": Rejection(
        "Another field has a value that is not of its type.",
        "Send the type that docs/events.md names for the field, or leave the field out.",
        (),
        "search",
        '"results_count": "37"',
        '"results_count": 37',
    ),
}
"""By reason, in the order of `QUARANTINE_REASONS`: of several faults, the first one is the reason."""
