"""Tables of hiring in a published copy, with rows that SQL makes: what only a platform with entities has."""

from jobmatch_assets_tests.bench.published import FIRST, Copy

_GROUPS = "company_id varchar, category varchar, channel varchar, applications bigint"
_SHARES = ", ".join(f"{cause}_share_{days} double" for cause in ("filled", "closed") for days in (30, 60, 90))
_TABLES = {
    "hiring_funnel_daily": f"applied_date date, {_GROUPS}, reached_reviewed bigint, reached_shortlisted bigint, "
    "reached_interview bigint, reached_offered bigint, reached_placed bigint, rejected bigint, withdrawn bigint, "
    "open bigint, responded_7d bigint, interview_30d bigint, placed_60d bigint",
    "hiring_activity_daily": f"date date, {_GROUPS}, interview bigint, offered bigint, placed bigint, "
    "rejected bigint, withdrawn bigint",
    "response_time_daily": "applied_date date, company_id varchar, applications bigint, responded bigint, "
    "responded_3d bigint, responded_7d bigint, responded_14d bigint, responded_3d_rate double, "
    "responded_7d_rate double, responded_14d_rate double, median_hours_to_response bigint, "
    "never_within_30d_rate double",
    "stage_time_weekly": 'week_start date, stage varchar, entered bigint, "left" bigint, still_in bigint, '
    "median_hours bigint, left_7d_rate double, approximate bigint",
    "time_to_fill": "as_of_date date, category varchar, openings bigint, filled bigint, closed_unfilled bigint, "
    f"still_open bigint, evergreen bigint, {_SHARES}, median_days_to_fill bigint, "
    "median_days_to_fill_if_not_closed bigint, mean_days_filled_only double, expiry_rate double",
    "time_to_fill_curve": "as_of_date date, category varchar, day bigint, at_risk bigint, filled bigint, "
    "closed bigint, filled_share double, closed_share double",
    "time_to_hire_weekly": "week_start date, category varchar, hires bigint, "
    "median_days_application_to_hire double",
}

CURVE = ((5, 6, 1, 0), (10, 5, 1, 1), (20, 3, 1, 0))
"""(day, at risk, filled, closed): six openings of one day, two of which are open after 30 days."""

_STAGES = ("submitted", "reviewed", "shortlisted", "interview", "offered")


def with_hiring(copy: Copy) -> Copy:
    """Give a copy the tables, without a row."""
    return copy.change(*(f"create table {name} ({columns})" for name, columns in _TABLES.items()))


def fill_hiring(copy: Copy, days: int, categories: int = 2) -> Copy:
    """Fill them for this many days: two channels, some categories, and openings as in `CURVE`.

    Of applications of the last days it is not known yet what the horizons ask.
    """
    groups = [("c1", "__all__", "__all__", 2 * categories), ("__all__", "__all__", "__all__", 2 * categories)]
    groups += [("__all__", f"category {number}", "__all__", 2) for number in range(categories)]
    groups += [("__all__", "__all__", name, categories) for name in ("direct", "search")]
    of_groups = ", ".join(map(str, groups))
    copy.change(
        f"""
        create temp table made as
        select d, date '{FIRST}' + d::int as day, * exclude (d), share * (6 + d % 5) as n
        from range({days}) as days(d), (values {of_groups}) as of(company_id, category, channel, share)
        """,
        f"""
        insert into hiring_funnel_daily
        select day, company_id, category, channel, n, n - share, n // 2, n // 3, n // 4, n // 6,
               n // 5, share, n - n // 5 - share - n // 6,
               if(d + 7 < {days}, n // 2 + d % 3, null), if(d + 30 < {days}, n // 4, null),
               if(d + 60 < {days}, n // 8, null)
        from made
        """,
        """
        insert into hiring_activity_daily
        select day, company_id, category, channel, n, n // 3, n // 4, n // 6, n // 5, share from made
        """,
        f"""
        insert into response_time_daily
        select day, company_id, n, n // 2, three, seven, fourteen, three / n, seven / n, fourteen / n,
               if(d % 4 = 3, null, 20 + d), if(d + 30 < {days}, 0.25, null)
        from (select *, if(d + 3 < {days}, n // 4, null) as three, if(d + 7 < {days}, n // 3, null) as seven,
                     if(d + 14 < {days}, n // 2, null) as fourteen from made)
        where category = '__all__' and channel = '__all__'
        """,
        f"""
        insert into stage_time_weekly
        select date '{FIRST}' + 7 * w::int, stage, 40 - 5 * place, 30 - 5 * place, 10, if(place = 4, null, 10 + w),
               if(7 * w + 13 < {days}, 0.5 + place / 10, null), w
        from range(({days} + 6) // 7) as weeks(w), (select unnest({list(_STAGES)}) as stage, unnest(range(5)) as place)
        """,
        """
        insert into time_to_fill
        select day, category, share * 3, share, share // 2, share * 3 - share - share // 2, 1, d / 1000, 0.5 + d / 1000,
               null, 0.125, 0.25, null, if(category = '__all__', 20, null), 20, 11.5 + d, 0.25
        from made where company_id = '__all__' and channel = '__all__'
        """,
        f"""
        insert into time_to_fill_curve
        select date '{FIRST}' + {days - 1}, category, day, at_risk, filled, closed, day / 40, closed / 6
        from (values {", ".join(map(str, CURVE))}) as curve(day, at_risk, filled, closed),
             (select distinct category from time_to_fill)
        """,
        f"""
        insert into time_to_hire_weekly
        select date '{FIRST}' + 7 * w::int, category, 4 + w, if(w = 0, null, 8.5 + w)
        from range(({days} + 6) // 7) as weeks(w), (select distinct category from time_to_fill)
        """,
    )  # fmt: skip
    return copy
