"""The contracts of who comes, who is there, and who comes back."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.entities.tables import USER
from jobmatch_assets.contracts.table_contract import (
    Rule,
    TableContract,
    is_a_monday,
    not_negative,
    one_of,
    quotient,
    within,
)
from jobmatch_assets.contracts.vocabulary import ALL, OTHER, PLATFORMS, UNKNOWN

_MAU_DAYS = 28

_LAST_WEEK = 26

_COUNTED = (
    *("logins", "signups", "searches", "clicks", "job_views"),
    *("bookmarks", "profile_updates", "applies"),
)

_EVENTS = ("logins", "signups", "searches", "job_views", "bookmarks", "profile_updates", "applies")

ACTIVE_DAYS = TableContract(
    "silver",
    "active_days",
    Whole(),
    grain=("unit_id", "event_date", "platform"),
    rules=(
        one_of("platform", (*PLATFORMS, OTHER, UNKNOWN)),
        not_negative(("events", "other_events")),
        Rule(
            "day_has_an_event",
            "events + other_events is 1 or more",
            ("events", "other_events"),
            lambda rows: rows.events + rows.other_events >= 1,
        ),
        within(tuple((column, "events") for column in _COUNTED), "names_are_some_of_the_events"),
    ),
)

PLATFORM_HEALTH_DAILY = TableContract(
    "gold",
    "platform_health_daily",
    Whole(),
    grain=("event_date", "platform"),
    rules=(
        one_of("platform", (*PLATFORMS, OTHER, UNKNOWN, ALL)),
        not_negative(_EVENTS),
        within((("dau", "wau"), ("wau", "mau")), "longer_times_have_more_units"),
        Rule(
            "somebody_was_active",
            "mau is 1 or more",
            ("mau",),
            lambda rows: rows.mau >= 1,
        ),
        within((("new_units", "dau"),), "new_units_are_some_of_the_date"),
        Rule(
            "who_is_not_new_returns",
            "returning_units is dau - new_units",
            ("returning_units", "dau", "new_units"),
            lambda rows: rows.returning_units == rows.dau - rows.new_units,
        ),
        quotient("stickiness", "dau", "mau"),
        Rule(
            "window_has_days",
            f"window_days lies between 1 and {_MAU_DAYS}",
            ("window_days",),
            lambda rows: rows.window_days.between(1, _MAU_DAYS),
        ),
    ),
)

USERS_DAILY = TableContract(
    "gold",
    "users_daily",
    Whole(),
    grain=("date", "role"),
    rules=(
        one_of("role", (*USER.words_of("role"), UNKNOWN, ALL)),
        not_negative(("active_users", "pending_users", "suspended_users", "deleted")),
        Rule(
            "statuses_are_of_users",
            "active_users + pending_users + suspended_users <= users",
            ("users", "active_users", "pending_users", "suspended_users"),
            lambda rows: rows.active_users + rows.pending_users + rows.suspended_users <= rows.users,
        ),
        within((("new_registrations", "users"),), "registered_users_are_there"),
        Rule(
            "somebody_is_there_or_went",
            "users + deleted is 1 or more",
            ("users", "deleted"),
            lambda rows: rows.users + rows.deleted >= 1,
        ),
    ),
)

RETENTION_WEEKLY = TableContract(
    "gold",
    "retention_weekly",
    Whole(),
    grain=("cohort_week", "platform", "weeks_since"),
    rules=(
        one_of("platform", (ALL,)),
        is_a_monday("cohort_week", "cohort_week_is_a_monday"),
        Rule(
            "weeks_are_followed_in_time",
            f"weeks_since lies between 0 and {_LAST_WEEK}",
            ("weeks_since",),
            lambda rows: rows.weeks_since.between(0, _LAST_WEEK),
        ),
        within((("active_units", "cohort_size"),), "active_units_are_of_the_cohort"),
        Rule(
            "cohort_is_active_in_its_own_week",
            "cohort_size is 1 or more, and active_units in week 0",
            ("weeks_since", "cohort_size", "active_units"),
            lambda rows: (
                (rows.cohort_size >= 1) & ((rows.weeks_since != 0) | (rows.active_units == rows.cohort_size))
            ),
        ),
        quotient("retention", "active_units", "cohort_size"),
    ),
)

PEOPLE_TABLES = (ACTIVE_DAYS, PLATFORM_HEALTH_DAILY, USERS_DAILY, RETENTION_WEEKLY)
"""In the order in which they are built."""
