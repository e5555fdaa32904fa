"""For every rule and every test of the tables of people, a change of rows that breaks it."""

_ONE_UNIT = "unit_id = (select min(unit_id) from {t})"

RULES: dict[str, dict[str, str]] = {
    "active_days": {
        "platform_is_known": "update {t} set platform = 'odd'",
        "counts_are_not_negative": "update {t} set other_events = -1",
        "day_has_an_event": "update {t} set events = 0, other_events = 0",
        "names_are_some_of_the_events": "update {t} set searches = events + 1",
    },
    "platform_health_daily": {
        "platform_is_known": "update {t} set platform = 'odd' where platform = 'web'",
        "counts_are_not_negative": "update {t} set bookmarks = -1",
        "longer_times_have_more_units": "update {t} set wau = mau + 1",
        "somebody_was_active": "update {t} set dau = 0, wau = 0, mau = 0",
        "new_units_are_some_of_the_date": "update {t} set new_units = dau + 1",
        "who_is_not_new_returns": "update {t} set returning_units = returning_units + 1",
        "stickiness_is_its_quotient": "update {t} set stickiness = stickiness + 0.001",
        "window_has_days": "update {t} set window_days = 29",
    },
    "users_daily": {
        "role_is_known": "update {t} set role = 'odd' where role = 'candidate'",
        "counts_are_not_negative": "update {t} set deleted = -1",
        "statuses_are_of_users": "update {t} set active_users = users, pending_users = 1",
        "registered_users_are_there": "update {t} set new_registrations = users + 1",
        "somebody_is_there_or_went": "update {t} set users = 0, deleted = 0",
    },
    "retention_weekly": {
        "platform_is_known": "update {t} set platform = 'web'",
        "cohort_week_is_a_monday": "update {t} set cohort_week = cohort_week + 1",
        "weeks_are_followed_in_time": "update {t} set weeks_since = weeks_since + 27",
        "active_units_are_of_the_cohort": "update {t} set active_units = cohort_size + 1",
        "cohort_is_active_in_its_own_week": "update {t} set active_units = 0 where weeks_since = 0",
        "retention_is_its_quotient": "update {t} set retention = null",
    },
}
"""{table: {rule: statement}}"""

RECONCILED: dict[str, tuple[str, str]] = {
    "active_days_reconcile_with_silver": ("active_days", f"delete from {{t}} where {_ONE_UNIT}"),
    "platform_health_daily_reconciles_with_silver": (
        "platform_health_daily",
        "update {t} set logins = logins + 1",
    ),
    "platform_health_daily_platforms_add_up": (
        "platform_health_daily",
        "update {t} set applies = applies + 1 where platform = 'ios'",
    ),
    "platform_health_daily_audience_reconciles_with_silver": (
        "platform_health_daily",
        "update {t} set mau = mau - 1",
    ),
    "platform_health_daily_platforms_cover_all": (
        "platform_health_daily",
        "update {t} set wau = wau + 1000 where platform = '__all__'",
    ),
    "platform_health_daily_new_units_add_up": (
        "platform_health_daily",
        "update {t} set new_units = new_units + 1 where platform = '__all__'",
    ),
    "users_daily_roles_add_up": (
        "users_daily",
        "update {t} set suspended_users = suspended_users + 1 where role = '__all__'",
    ),
    "users_daily_reconciles_with_versions": (
        "users_daily",
        "update {t} set active_users = active_users + 1",
    ),
    "users_daily_lose_users_by_deletes_alone": (
        "users_daily",
        'delete from {t} where "date" = (select min("date") + 1 from {t})',
    ),
    "retention_weekly_reconciles_with_silver": (
        "retention_weekly",
        "update {t} set active_units = active_units + 1 where weeks_since = 1",
    ),
    "retention_weekly_follows_every_cohort": ("retention_weekly", "delete from {t} where weeks_since = 1"),
}
"""{a dbt test: (the table that it is of, what breaks it)}."""
