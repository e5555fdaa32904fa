"""Published copies with the tables of platform health: who is active, who is registered, who comes back."""

from jobmatch_assets_tests.bench.published import FIRST, Copy

_TABLES = (
    "platform_health_daily (event_date date, platform varchar, dau bigint, wau bigint, mau bigint, "
    "stickiness double, new_units bigint, returning_units bigint, logins bigint, signups bigint, "
    "searches bigint, job_views bigint, bookmarks bigint, profile_updates bigint, applies bigint, "
    "window_days bigint)",
    "users_daily (date date, role varchar, users bigint, active_users bigint, pending_users bigint, "
    "suspended_users bigint, new_registrations bigint, deleted bigint)",
    "retention_weekly (cohort_week date, platform varchar, weeks_since bigint, cohort_size bigint, "
    "active_units bigint, retention double, is_complete boolean)",
)


def with_tables(copy: Copy) -> Copy:
    """The tables, without rows."""
    return copy.change(*(f"create table if not exists {table}" for table in _TABLES))


def platform_health(copy: Copy, days: int) -> Copy:
    """Fill them for this many days, of two platforms and two roles; the last week is not over by its Sunday.

    The first cohort has 900 users of whom most stay; of the others, the later the more.
    """
    return with_tables(copy).change(
        f"""
        insert into platform_health_daily by name
        select date '{FIRST}' + d::int as event_date, platform, dau, wau, mau, dau / mau as stickiness, new_units,
               dau - new_units as returning_units, d + share as logins, share as signups, d * share as searches,
               2 * d + share as job_views, share as bookmarks, 0 as profile_updates, d + 5 * share as applies,
               least(d + 1, 28) as window_days
        from (select d, platform, share, share * 20 + d % 7 as dau, share * 50 + d % 7 as wau,
                     share * 80 + least(d, 27) as mau, 3 * share as new_units
              from range({days}) as days(d), (values ('__all__', 3), ('web', 2), ('ios', 2)) as of(platform, share)) as made
        """,
        f"""
        insert into users_daily by name
        select date '{FIRST}' + d::int as date, role, 100 * share + d as users, 70 * share + d as active_users,
               20 * share as pending_users, 7 * share as suspended_users, 1 + d % 3 as new_registrations,
               if(d = 4, share, 0) as deleted
        from range({days}) as days(d), (values ('__all__', 3), ('candidate', 2), ('employer', 1)) as of(role, share)
        """,
        f"""
        insert into retention_weekly by name
        select cohort_week, '__all__' as platform, w as weeks_since, cohort_size, active_units,
               active_units / cohort_size as retention,
               cohort_week + 7 * w + 6 <= date '{FIRST}' + {days - 2} as is_complete
        from (select date '{FIRST}' + 7 * c as cohort_week, w, if(c = 0, 900, 18 + c) as cohort_size,
                     case when w = 0 then if(c = 0, 900, 18 + c) when c = 0 then 800 else 4 + c // 2 end as active_units
              from (select range::int as c from range({days})), (select range::int as w from range(27)))
        where cohort_week + 7 * w <= date '{FIRST}' + {days - 1}
        """,
    )
