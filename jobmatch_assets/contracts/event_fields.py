"""What a producer may send: the fields of an event, and an example of every event.

docs/events.md shows them and `jobmatch validate` explains rejected lines with them; tests hold both, and the
models' own list of fields, equal to what stands here.
"""

from dataclasses import dataclass

from jobmatch_assets.contracts.vocabulary import (
    APPLICATION_STATUSES,
    DEVICE_TYPES,
    EVENT_NAMES_WITH_JOB,
    PLATFORMS,
    SURFACES,
)

LONGEST_EVENT_ID = 128
"""Characters of an event_id."""

DEEPEST_NESTING = 512
"""How many arrays and objects may be open at once in a line, the line's own object included."""


@dataclass(frozen=True)
class EventField:
    """A field that has a column of its own.

    Attributes:
        name: Its key in the JSON object.
        since: The version of the contract that introduced it.
        type: What its value must be.
        meaning: What it says, when it must be there, and what its absence means.
    """

    name: str
    since: int
    type: str
    meaning: str


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


EVENT_FIELDS = (
    EventField(
        "event_id",
        1,
        "string",
        f"**Required**, 1 to {LONGEST_EVENT_ID} characters. Names this one event for ever, also when it is "
        "sent again.",
    ),
    EventField("schema_version", 1, "integer, 1 or 2", "Left out: 1."),
    EventField(
        "event_name",
        1,
        "string",
        "**Required**. One of the twelve below, in lower case, or one of `JOBMATCH_OTHER_EVENT_NAMES`.",
    ),
    EventField("event_ts", 1, "time", "**Required**. When it happened."),
    EventField(
        "ingested_at",
        1,
        "time",
        "When your backend took it. Of two versions of one event, the one with the later time is kept.",
    ),
    EventField(
        "user_id",
        1,
        "string or integer",
        "Who is signed in. **This or anonymous_id is required.**",
    ),
    EventField("anonymous_id", 2, "string", "Device or cookie of somebody who may not be signed in."),
    EventField("session_id", 1, "string", "The visit."),
    EventField(
        "search_id",
        2,
        "string",
        "The result list that the event belongs to, on whatever surface. **Required**, in version 2, on "
        "search, and on an impression whose surface is search, or left out and taken to be search.",
    ),
    EventField("search_query", 1, "string", "What was searched for, as it was typed; may be empty."),
    EventField(
        "results_count",
        2,
        "integer, 0 or more",
        "On a search: how much was found. 0 is a search without results; left out says nothing.",
    ),
    EventField(
        "surface",
        2,
        f"one of {_listed(SURFACES)}",
        "Where in the product it happened. Left out: search, if the event is a search or carries "
        "rank_position or search_id, else direct.",
    ),
    EventField(
        "rank_position",
        1,
        "integer, 1 or more",
        "Place of the job in its list; the first is 1, and page two goes on counting. **Required** on an "
        "impression that has a search_id.",
    ),
    EventField("is_exploration", 2, "boolean", "The list was in random order. Left out: it was not."),
    EventField("ranker_version", 2, "string", "The model that ordered the list."),
    EventField("experiment_id", 1, "string", "An experiment that the user is in; comes with variant."),
    EventField("variant", 1, "string", "The user's variant of it; comes with experiment_id."),
    EventField(
        "experiments",
        2,
        "array of objects, each with the strings experiment_id and variant",
        "Where the user is in several; the pair above is one more, and a repeated pair counts once.",
    ),
    EventField(
        "job_id", 1, "string or integer", f"The job. **Required** on {', '.join(EVENT_NAMES_WITH_JOB)}."
    ),
    EventField("publisher_id", 2, "integer", "Who publishes the job."),
    EventField("campaign_id", 2, "integer", "The campaign that advertises it."),
    EventField("group_id", 2, "integer", "The group within the campaign."),
    EventField("bid", 2, "number, 0 or more, no larger than a double", "What this click costs."),
    EventField(
        "currency",
        2,
        "string of three capital letters (ISO 4217)",
        "Of the bid. Left out: `JOBMATCH_DEFAULT_CURRENCY`. Without a bid it is not kept.",
    ),
    EventField("application_id", 2, "string", "The application. **Required** on application_status."),
    EventField(
        "application_status",
        2,
        f"one of {_listed(APPLICATION_STATUSES)}",
        "What the application has come to. **Required** on application_status.",
    ),
    EventField(
        "platform",
        1,
        "string",
        f"{_listed(PLATFORMS)}; any other reads `other`, and what was sent is kept in `properties`.",
    ),
    EventField("device_type", 1, "string", f"{_listed(DEVICE_TYPES)}; any other as with platform."),
    EventField("source", 1, "string", "What the producer calls itself."),
)
"""In the order in which docs/events.md lists them."""

EVENT_EXAMPLES = {
    "session_start": '{"event_id":"e-01","schema_version":2,"event_name":"session_start",'
    '"event_ts":"2026-03-01T09:30:00Z","anonymous_id":"cookie-9f2","session_id":"s-7",'
    '"platform":"web","device_type":"desktop","source":"web"}',
    "search": '{"event_id":"e-02","schema_version":2,"event_name":"search",'
    '"event_ts":"2026-03-01T09:30:05.250Z","ingested_at":"2026-03-01T09:30:06Z","user_id":"u-42",'
    '"session_id":"s-7","search_id":"q-1001","search_query":"nurse berlin","results_count":37,'
    '"surface":"search","ranker_version":"2026-02","platform":"web","device_type":"desktop",'
    '"experiments":[{"experiment_id":"ranker_v2","variant":"treatment"}]}',
    "impression": '{"event_id":"e-03","schema_version":2,"event_name":"impression",'
    '"event_ts":"2026-03-01T10:30:06+01:00","user_id":"u-42","search_id":"q-1001","surface":"search",'
    '"rank_position":1,"is_exploration":false,"job_id":"job-77","publisher_id":12,"campaign_id":340,'
    '"group_id":3}',
    "click": '{"event_id":"e-04","schema_version":2,"event_name":"click",'
    '"event_ts":"2026-03-01T09:30:20Z","user_id":"u-42","search_id":"q-1001","rank_position":1,'
    '"job_id":"job-77","bid":0.25,"currency":"EUR"}',
    "job_view": '{"event_id":"e-05","schema_version":2,"event_name":"job_view",'
    '"event_ts":1772357421,"user_id":"u-42","search_id":"q-1001","job_id":"job-77"}',
    "apply_start": '{"event_id":"e-06","schema_version":2,"event_name":"apply_start",'
    '"event_ts":1772357460500,"user_id":"u-42","search_id":"q-1001","job_id":"job-77"}',
    "apply": '{"event_id":"e-07","event_name":"apply","event_ts":"2026-03-01 09:35:00+00:00",'
    '"user_id":42,"job_id":77,"experiment_id":"apply_button","variant":"control"}',
    "application_status": '{"event_id":"e-08","schema_version":2,"event_name":"application_status",'
    '"event_ts":"2026-03-01T16:00:00Z","user_id":"u-42","job_id":"job-77","application_id":"a-5",'
    '"application_status":"reviewed","platform":"backend"}',
    "signup": '{"event_id":"e-09","event_name":"signup","event_ts":"2026-03-01T09:20:00Z","user_id":"u-42",'
    '"platform":"ios","device_type":"mobile"}',
    "login": '{"event_id":"e-10","schema_version":2,"event_name":"login",'
    '"event_ts":"2026-03-01T09:29:58Z","user_id":"u-42","anonymous_id":"cookie-9f2"}',
    "profile_update": '{"event_id":"e-11","schema_version":2,"event_name":"profile_update",'
    '"event_ts":"2026-03-01T18:00:00Z","user_id":"u-42","changed":["headline","skills"]}',
    "bookmark": '{"event_id":"e-12","schema_version":2,"event_name":"bookmark",'
    '"event_ts":"2026-03-01T18:02:00Z","user_id":"u-42","job_id":"job-77","surface":"recommendation"}',
}
"""A valid line of each event, of a file of 2026-03-01."""
