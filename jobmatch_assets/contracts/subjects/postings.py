"""The contracts of postings: when they are live, and how many begin and end on a date."""

from functools import reduce
from operator import add

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import (
    Rule,
    TableContract,
    not_negative,
    one_of,
    rolled_up_but_one,
    within,
)

REASONS_OF_END = ("filled", "expired", "cancelled", "deleted", "paused", "closed_other")
"""Why a posting ceases to be live: the first of them that applies."""

_LEAST_FOR_A_MEDIAN = 5

JOB_HIRES = TableContract(
    "silver",
    "job_hires",
    Whole(),
    grain=("application_id",),
    rules=(
        Rule(
            "hire_is_of_a_job",
            "source and job_id are not empty",
            ("source", "job_id"),
            lambda rows: (rows.source != "") & (rows.job_id != ""),
        ),
    ),
)

LIVE_VERSIONS = TableContract(
    "silver",
    "live_versions",
    Whole(),
    grain=("source", "job_id", "version"),
    rules=(
        Rule(
            "version_is_live_for_a_time",
            "live_to is later than live_from",
            ("live_from", "live_to"),
            lambda rows: (rows.live_to > rows.live_from).fill_null(True),
        ),
        Rule(
            "period_has_versions",
            "period is at least 1, and at most version",
            ("period", "version"),
            lambda rows: (rows.period >= 1) & (rows.period <= rows.version),
        ),
        one_of("ends_as", REASONS_OF_END),
        Rule(
            "what_has_no_end_has_no_reason",
            "ends_as is NULL where live_to is",
            ("live_to", "ends_as"),
            lambda rows: rows.live_to.notnull() | rows.ends_as.isnull(),
        ),
    ),
)

_PERIOD_LASTS = Rule(
    "period_lasts",
    "ends_at is later than begins_at",
    ("begins_at", "ends_at"),
    lambda rows: (rows.ends_at > rows.begins_at).fill_null(True),
)

LIVE_PERIODS = TableContract(
    "silver",
    "live_periods",
    Whole(),
    grain=("source", "job_id", "period"),
    rules=(
        one_of("ends_as", REASONS_OF_END),
        _PERIOD_LASTS,
        Rule(
            "what_ends_has_a_reason",
            "ends_as and people are NULL exactly where ends_at is",
            ("ends_at", "ends_as", "people"),
            lambda rows: (
                (rows.ends_at.isnull() == rows.ends_as.isnull())
                & (rows.ends_at.isnull() == rows.people.isnull())
            ),
        ),
        Rule(
            "versions_are_in_order",
            "1 <= period <= first_version <= last_version",
            ("period", "first_version", "last_version"),
            lambda rows: (
                (rows.period >= 1)
                & (rows.period <= rows.first_version)
                & (rows.first_version <= rows.last_version)
            ),
        ),
    ),
)

POSTING_PERIODS = TableContract(
    "silver",
    "posting_periods",
    Whole(),
    grain=("source", "job_id", "period"),
    rules=(
        one_of("end_reason", REASONS_OF_END),
        _PERIOD_LASTS,
        Rule(
            "what_ended_has_a_reason",
            "end_reason is NULL exactly where ends_at is",
            ("ends_at", "end_reason"),
            lambda rows: rows.ends_at.isnull() == rows.end_reason.isnull(),
        ),
        Rule(
            "versions_are_in_order",
            "1 <= period <= first_version <= last_version, which is NULL exactly where ends_at is",
            ("period", "first_version", "last_version", "ends_at"),
            lambda rows: (
                (rows.period >= 1)
                & (rows.period <= rows.first_version)
                & (rows.last_version.isnull() == rows.ends_at.isnull())
                & (rows.first_version <= rows.last_version).fill_null(True)
            ),
        ),
    ),
)


POSTINGS_DAILY = TableContract(
    "gold",
    "postings_daily",
    Whole(),
    grain=("date", "category", "country", "source"),
    rules=(
        rolled_up_but_one(("category", "country", "source")),
        not_negative(("posted", "reposted", "resumed", "ended", *REASONS_OF_END)),
        Rule(
            "reasons_add_up_to_ended",
            f"ended = {' + '.join(REASONS_OF_END)}",
            ("ended", *REASONS_OF_END),
            lambda rows: rows.ended == reduce(add, (rows[reason] for reason in REASONS_OF_END)),
        ),
        within(
            (
                ("reposted", "posted"),
                ("live_openings", "live_postings"),
                ("stale_postings", "live_postings"),
                ("evergreen_postings", "live_postings"),
            ),
            "parts_are_at_most_the_whole",
        ),
        Rule(
            "evergreen_postings_are_not_stale",
            "stale_postings + evergreen_postings <= live_postings",
            ("stale_postings", "evergreen_postings", "live_postings"),
            lambda rows: rows.stale_postings + rows.evergreen_postings <= rows.live_postings,
        ),
        Rule(
            "live_postings_are_of_openings",
            "live_openings is 0 exactly where live_postings is",
            ("live_openings", "live_postings"),
            lambda rows: (rows.live_openings == 0) == (rows.live_postings == 0),
        ),
        Rule(
            "median_age_is_of_enough",
            f"median_age_days is 0 or more, and NULL exactly below {_LEAST_FOR_A_MEDIAN} live postings",
            ("median_age_days", "live_postings"),
            lambda rows: (
                (rows.median_age_days.isnull() == (rows.live_postings < _LEAST_FOR_A_MEDIAN))
                & (rows.median_age_days.fill_null(0.0) >= 0)
            ),
        ),
        Rule(
            "row_counts_a_posting",
            "something began, ended or was live",
            ("posted", "resumed", "ended", "live_postings"),
            lambda rows: rows.posted + rows.resumed + rows.ended + rows.live_postings > 0,
        ),
    ),
)

POSTING_TABLES = (JOB_HIRES, LIVE_VERSIONS, LIVE_PERIODS, POSTING_PERIODS, POSTINGS_DAILY)
"""In the order in which they are built."""
