"""The contracts of the tables whose rows are lines of events: staging and silver."""

from functools import cache

from jobmatch_assets.contracts.clock import By
from jobmatch_assets.contracts.landed_lines import STAGING_DATE
from jobmatch_assets.contracts.table_contract import (
    LINE,
    LINE_KEY,
    Rule,
    TableContract,
    comes_from_a_line,
    every,
    lies_on,
    not_after_its_file,
    one_of,
)
from jobmatch_assets.contracts.vocabulary import (
    APPLICATION_STATUSES,
    DEVICE_TYPES,
    EVENT_NAMES_WITH_JOB,
    OTHER,
    PLATFORMS,
    QUARANTINE_REASONS,
    RAW_FORMS,
    SURFACES,
)
from jobmatch_assets.event_names import EVENT_NAMES

_TEXTS_THAT_ARE_MISSING_WHERE_EMPTY = (
    *("event_id", "user_id", "anonymous_id", "session_id", "search_id", "ranker_version", "job_id"),
    *("application_id", "platform", "device_type", "source"),
)


STG_EVENTS = TableContract(
    "silver",
    "stg_events",
    By(STAGING_DATE),
    grain=LINE_KEY,
    place=LINE,
    rules=(
        *comes_from_a_line(),
        not_after_its_file(),
        one_of("raw_form", RAW_FORMS),
        one_of("reason", QUARANTINE_REASONS),
        Rule(
            "valid_line_is_complete",
            "a valid line has event_id, event_ts, event_name, schema_version, surface and an identity",
            ("event_id", "event_ts", "event_name", "schema_version", "surface", "user_id", "anonymous_id"),
            lambda rows: (
                rows.reason.notnull()
                | (
                    every(
                        rows[column].notnull()
                        for column in ("event_id", "event_ts", "event_name", "schema_version", "surface")
                    )
                    & (rows.user_id.notnull() | rows.anonymous_id.notnull())
                )
            ),
        ),
        Rule(
            "date_of_a_valid_line_is_that_of_its_time",
            "event_date of a line without a reason is the UTC date of event_ts",
            ("event_date", "event_ts"),
            lambda rows: rows.reason.notnull() | lies_on(rows.event_ts, rows.event_date),
        ),
    ),
)


# Equal names give the same rule, so that its query is written once.
@cache
def _event_name_is_known(others: tuple[str, ...]) -> Rule:
    named = f" ({', '.join(others)})" if others else ""
    return Rule(
        "event_name_is_known",
        f"event_name is one of {', '.join(EVENT_NAMES)}, or one of JOBMATCH_OTHER_EVENT_NAMES{named}",
        ("event_name",),
        lambda rows: rows.event_name.isin((*EVENT_NAMES, *others)),
    )


EVENTS = TableContract(
    "silver",
    "events",
    By("event_date"),
    grain=("event_date", "event_id"),
    place=(*LINE, "event_id"),
    rules=(
        *comes_from_a_line(),
        not_after_its_file(),
        _event_name_is_known(()),
        one_of("schema_version", (1, 2)),
        one_of("surface", SURFACES),
        one_of("platform", (*PLATFORMS, OTHER)),
        one_of("device_type", (*DEVICE_TYPES, OTHER)),
        one_of("application_status", APPLICATION_STATUSES),
        Rule(
            "date_is_that_of_the_time",
            "event_date is the UTC date of event_ts",
            ("event_date", "event_ts"),
            lambda rows: lies_on(rows.event_ts, rows.event_date),
        ),
        Rule(
            "event_id_has_1_to_128_characters",
            "event_id has 1 to 128 characters",
            ("event_id",),
            lambda rows: rows.event_id.length().between(1, 128),
        ),
        Rule(
            "unit_is_user_or_device",
            "unit_id is user_id, else anonymous_id",
            ("unit_id", "user_id", "anonymous_id"),
            lambda rows: rows.unit_id == rows.user_id.coalesce(rows.anonymous_id),
        ),
        Rule(
            "empty_texts_are_missing",
            f"{', '.join(_TEXTS_THAT_ARE_MISSING_WHERE_EMPTY)} are NULL rather than empty",
            _TEXTS_THAT_ARE_MISSING_WHERE_EMPTY,
            lambda rows: every(
                rows[column].fill_null("-") != "" for column in _TEXTS_THAT_ARE_MISSING_WHERE_EMPTY
            ),
        ),
        Rule(
            "rank_starts_at_1",
            "rank_position is 1 or more",
            ("rank_position",),
            lambda rows: rows.rank_position >= 1,
        ),
        Rule(
            "results_count_is_not_negative",
            "results_count is 0 or more",
            ("results_count",),
            lambda rows: rows.results_count >= 0,
        ),
        Rule(
            "bid_is_a_price",
            "bid is 0 or more and has a currency of three capital letters; without a bid there is none",
            ("bid", "currency"),
            lambda rows: (
                (rows.bid.isnull() == rows.currency.isnull())
                & (rows.bid.fill_null(0.0) >= 0)
                & rows.currency.fill_null("EUR").re_search("^[A-Z]{3}$")
            ),
        ),
        Rule(
            "event_about_a_job_names_it",
            f"{', '.join(EVENT_NAMES_WITH_JOB)} have a job_id",
            ("event_name", "job_id"),
            lambda rows: ~rows.event_name.isin(EVENT_NAMES_WITH_JOB) | rows.job_id.notnull(),
        ),
        Rule(
            "search_is_named",
            "in version 2, a search and an impression on the surface search have a search_id",
            ("event_name", "surface", "schema_version", "search_id"),
            lambda rows: (
                (rows.schema_version != 2)
                | rows.search_id.notnull()
                | ~(
                    (rows.event_name == "search")
                    | ((rows.event_name == "impression") & (rows.surface == "search"))
                )
            ),
        ),
        Rule(
            "impression_in_a_list_has_a_rank",
            "an impression with a search_id has a rank_position",
            ("event_name", "search_id", "rank_position"),
            lambda rows: (
                (rows.event_name != "impression") | rows.search_id.isnull() | rows.rank_position.notnull()
            ),
        ),
        Rule(
            "application_status_is_of_an_application",
            "the event application_status has application_id and application_status",
            ("event_name", "application_id", "application_status"),
            lambda rows: (
                (rows.event_name != "application_status")
                | (rows.application_id.notnull() & rows.application_status.notnull())
            ),
        ),
        Rule(
            "experiments_are_complete",
            "every element of experiments has an experiment_id and a variant",
            ("experiments",),
            lambda rows: (
                rows.experiments.filter(
                    lambda pair: (
                        (pair["experiment_id"].fill_null("") == "") | (pair["variant"].fill_null("") == "")
                    )
                ).length()
                == 0
            ),
        ),
    ),
    of_settings=lambda settings: (_event_name_is_known(settings.other_event_names),),
)

EVENTS_DUPLICATES = TableContract(
    "silver",
    "events_duplicates",
    By("event_date"),
    grain=("event_date", *LINE_KEY),
    place=(*LINE, "event_id"),
    rules=(
        *comes_from_a_line(),
        not_after_its_file(),
        Rule(
            "better_line_is_another",
            "the better line is not the duplicate itself",
            (*LINE, "better_source_file", "better_source_line"),
            lambda rows: (
                (rows.better_source_file != rows["_source_file"])
                | (rows.better_source_sha256 != rows["_source_sha256"])
                | (rows.better_source_line != rows["_source_line"])
            ),
        ),
        Rule(
            "better_line_is_a_line",
            "better_source_line is 1 or more and better_source_sha256 is 64 hexadecimal digits",
            ("better_source_line", "better_source_sha256"),
            lambda rows: (
                (rows.better_source_line >= 1) & rows.better_source_sha256.re_search("^[0-9a-f]{64}$")
            ),
        ),
    ),
)

EVENTS_QUARANTINE = TableContract(
    "silver",
    "events_quarantine",
    By("event_date"),
    grain=("event_date", *LINE_KEY),
    place=LINE,
    rules=(
        *comes_from_a_line(),
        not_after_its_file(),
        one_of("reason", QUARANTINE_REASONS),
        one_of("raw_form", RAW_FORMS),
        Rule(
            "reason_fits_the_form",
            "raw_form is head_base64 exactly where the reason is line_too_long, base64 where it is not_utf8",
            ("reason", "raw_form"),
            lambda rows: (
                ((rows.raw_form == "head_base64") == (rows.reason == "line_too_long"))
                & ((rows.raw_form == "base64") == (rows.reason == "not_utf8"))
            ),
        ),
    ),
)


STG_SEARCH_DATES = TableContract(
    "silver", "stg_search_dates", By(STAGING_DATE), grain=(STAGING_DATE, "event_date", "search_id")
)

RESULT_LIST_ITEMS = TableContract(
    "silver", "result_list_items", By("event_date"), grain=("event_date", "search_id", "job_id")
)
