"""Tables of segments in a published copy: users by segment, jobs and companies with their histories."""

from jobmatch_assets_tests.bench.published import FIRST, Copy

SHAPES = {
    "user_segments_daily": '"date" date, segment varchar, units bigint, entered bigint, "left" bigint',
    "job_mart": "job_id varchar, tier varchar, quality_tier varchar, currency varchar, coec double, "
    "expected_clicks double, spend decimal(29, 9), impressions bigint, clicks bigint, applies bigint, "
    "qualified bigint, disqualified bigint",
    "job_mart_history": "job_id varchar, tier varchar, quality_tier varchar, valid_from date, valid_to date",
    "company_mart": "company_id varchar, responsiveness varchar, median_hours_to_response bigint, openings bigint, "
    "live bigint, applications bigint, placed bigint",
    "company_mart_history": "company_id varchar, responsiveness varchar, valid_from date, valid_to date",
}


def with_shapes(copy: Copy) -> Copy:
    """The copy with these tables, without rows."""
    return copy.change(*(f"create table {name} ({columns})" for name, columns in SHAPES.items()))


def with_segments(copy: Copy, days: int) -> Copy:
    """The same with rows for this many days; nobody is inactive before the third."""
    return with_shapes(copy).change(
        f"""
        insert into user_segments_daily
        select date '{FIRST}' + d::int, segment, n + d, if(d = 0, n, 3), if(d = 0, 0, 2)
        from range({days}) as days(d),
             (values ('power', 4), ('regular', 10), ('light', 20), ('inactive', 5)) as segments(segment, n)
        where segment <> 'inactive' or d >= 2
        """,
        """
        insert into job_mart values
        ('a', 'hot', 'low', 'EUR', 1.5, 20, 12.5, 400, 50, 9, 1, 9),
        ('b', 'good', 'insufficient', 'EUR', 1.04, 30, 2.25, 600, 31, 3, 0, 1),
        ('c', 'good', 'high', 'USD', 0.8, 30, 4, 500, 24, 4, 8, 1),
        ('d', 'weak', 'insufficient', '(mixed)', 0.1, 30, null, 700, 3, 0, 0, 0),
        ('e', 'insufficient', 'insufficient', null, 9, 0.1, 0, 2, 1, 0, 0, 0)
        """,
        f"""
        insert into job_mart_history
        select job_id, 'insufficient', 'insufficient', date '{FIRST}' - 9,
               if(tier = 'insufficient', null, date '{FIRST}' + 1) from job_mart
        union all
        select job_id, tier, quality_tier, date '{FIRST}' + 1, null from job_mart where tier <> 'insufficient'
        """,
        """
        insert into company_mart values
        ('x', 'fast', 72, 9, 4, 40, 6), ('y', 'normal', 95, 3, 1, 20, 1), ('z', 'silent', null, 5, 5, 30, 0),
        ('w', 'insufficient', 3, 1, 0, 2, 1)
        """,
        f"""
        insert into company_mart_history
        select company_id, 'insufficient', date '{FIRST}',
               if(responsiveness = 'insufficient', null, date '{FIRST}' + 2) from company_mart
        union all
        select company_id, responsiveness, date '{FIRST}' + 2, null from company_mart
        where responsiveness <> 'insufficient'
        """,
    )
