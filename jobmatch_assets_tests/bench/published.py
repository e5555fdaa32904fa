"""Published copies in a wanted state, made with SQL: the shapes of gold's tables, and rows where a test needs them."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

_DIMENSIONS = "platform varchar, device_type varchar, surface varchar"
_FUNNEL = (
    "searches bigint, impressions bigint, clicks bigint, job_views bigint, applies bigint, "
    "zero_result_searches bigint, users_search bigint, users_impression bigint, users_click bigint, "
    "users_apply bigint, ctr_user_level double, apply_per_click_user_level double, entered bigint, "
    "reached_impression bigint, reached_click bigint, reached_apply bigint, search_to_impression_rate double, "
    "impression_to_click_rate double, click_to_apply_rate double, search_to_apply_rate double"
)
_TABLES = {
    "funnel_daily": f"event_date date, {_DIMENSIONS}, {_FUNNEL}",
    "funnel_weekly": f"week_start date, {_DIMENSIONS}, {_FUNNEL}",
    "ranking_metrics_daily": "event_date date, surface varchar, experiment_id varchar, variant varchar, k bigint, "
    "lists bigint, interacted_lists bigint, shown_at_k bigint, clicked_at_k bigint, applied_at_k bigint, "
    "ctr_at_k double, apply_rate_at_k double, success_at_k double, mrr_at_k double, ndcg_at_k double, "
    "ndcg_at_k_all double, units bigint, lists_nn bigint, rr_sum double, rr_ss double, rr_sn double, "
    "success_lists bigint, success_ss bigint, success_sn bigint, interacted_units bigint, interacted_nn bigint, "
    "ndcg_sum double, ndcg_ss double, ndcg_sn double",
    "ranking_position_daily": "event_date date, surface varchar, rank_position bigint, k_bucket varchar, "
    "shown bigint, clicked bigint, applied bigint, ctr double, apply_rate double",
    "search_quality_daily": "event_date date, surface varchar, searches bigint, zero_result_searches bigint, "
    "counted_searches bigint, zero_result_rate double, lists bigint, abandoned_lists bigint, abandonment_rate double, "
    "clicked_items bigint, clicked_ranks bigint, mean_click_position double, median_seconds_to_first_click double, unattributed_clicks bigint, "
    "unattributed_applies bigint",
    "ab_metrics_daily": "event_date date, experiment_id varchar, variant varchar, units bigint, impressions bigint, "
    "clicks bigint, applies bigint, users_impression bigint, users_click bigint, users_apply bigint, "
    "ctr_user_level double, apply_per_click_user_level double, sum_ii bigint, sum_cc bigint, sum_aa bigint, "
    "sum_ic bigint, sum_ca bigint, sum_ia bigint",
    "ab_cumulative_sums": "as_of_date date, experiment_id varchar, variant varchar, units bigint, sum_i bigint, "
    "sum_c bigint, sum_a bigint, sum_u bigint, sum_ii bigint, sum_cc bigint, sum_aa bigint, sum_ic bigint, "
    "sum_ca bigint, experiment_units bigint, multiple_variant_units bigint",
    "ab_results": "as_of_date date, experiment_id varchar, variant varchar, metric varchar, status varchar, "
    "units_control bigint, units_treatment bigint, multiple_variant_units bigint, value_control double, "
    "value_treatment double, effect double, relative_effect double, std_error double, ci_low double, "
    "ci_high double, p_value double, seq_ci_low double, seq_ci_high double, srm_p_value double, "
    "adjusted_p_value double, relative_ci_low double, relative_ci_high double",
    "data_health_daily": "date date, lines bigint, events bigint, duplicates bigint, quarantined bigint, "
    "quarantined_share double, newest_event_ts timestamptz, late_1_day bigint, late_2_days_or_more bigint, "
    "with_ingested_at bigint, median_lateness_seconds double, p95_lateness_seconds double",
    "quarantine_daily": "date date, reason varchar, lines bigint",
    "publication": "published_at timestamptz, run_id varchar, first_date date, last_date date, "
    "newest_event_ts timestamptz, complete_through date",
    "held_back": "event_date date, stage varchar, check_name varchar, since timestamptz, message varchar",
    "failing_checks": "asset varchar, check_name varchar, event_date date, is_blocking boolean, since timestamptz, "
    "message varchar",
}

FIRST = "2026-03-02"
"""A Monday, the first date of copies with rows."""

_SETS = ("", ", platform", ", device_type", ", surface", ", platform, device_type, surface")


class Copy:
    """A published copy of a test's own.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema job_matching_gold")
        self.change(*(f"create table {name} ({columns})" for name, columns in _TABLES.items()))

    def change(self, *statements: str) -> "Copy":
        """Run statements in it, tables of gold without a schema."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set timezone = 'UTC'; use job_matching_gold")
            for statement in statements:
                connection.execute(statement)
        return self

    def plant(self, statement: str, *values: object) -> "Copy":
        """Run a statement with values in place of its question marks."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("use job_matching_gold")
            connection.execute(statement, list(values))
        return self

    def ask(self, query: str, parameters: Sequence[object] = ()) -> list[tuple]:
        """What a query gives."""
        with duckdb.connect(str(self.path), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'; use job_matching_gold")
            return connection.execute(query, list(parameters)).fetchall()

    def publication(self, days: int, complete: int | None = None) -> "Copy":
        """Say that it has this many days of events, the first of which are complete: all but two."""
        complete = days - 2 if complete is None else complete
        through = f"date '{FIRST}' + {complete - 1}" if complete > 0 else "null"
        return self.change(
            "delete from publication",
            f"""insert into publication select date '{FIRST}' + {days} + interval 5 hour,
            '0b1c2d3e-0000-4000-8000-000000000000', date '{FIRST}', date '{FIRST}' + {days - 1},
            date '{FIRST}' + {days} - interval 1 second, {through}""",
        )

    def funnel(self, days: int) -> "Copy":
        """Fill both funnel tables for this many days; numbers differ by date and group, rates by neither much."""
        return self.change(
            f"""
            create temp table unit as
            select date '{FIRST}' + d::int as event_date, p as platform, v as device_type, s as surface,
                   40 + (d * 7 + length(p) * 5 + length(v) * 3 + length(s)) % 23 as n
            from range({days}) as days(d),
                 (values ('web'), ('ios'), ('android')) as platforms(p),
                 (values ('desktop'), ('mobile')) as devices(v),
                 (values ('search'), ('recommendation')) as surfaces(s)
            """,
            *(
                f"""
                insert into {table} by name
                select {date} as {clock}, coalesce(platform, '__all__') as platform,
                       coalesce(device_type, '__all__') as device_type, coalesce(surface, '__all__') as surface,
                       sum(n * 2) as searches, sum(n * 20) as impressions, sum(n) as clicks, sum(n) as job_views,
                       sum(n // 4) as applies, sum(n // 10) as zero_result_searches, max(n) as users_search,
                       max(n) as users_impression, max(n // 2) as users_click, max(n // 4) as users_apply,
                       sum(if(surface = 'search', n, 0)) as entered,
                       sum(if(surface = 'search', n - 1, 0)) as reached_impression,
                       sum(if(surface = 'search', n // 2, 0)) as reached_click,
                       sum(if(surface = 'search', n // 6, 0)) as reached_apply
                from unit
                group by grouping sets ({", ".join(f"({date}{names})" for names in _SETS)})
                """
                for table, clock, date in (
                    ("funnel_daily", "event_date", "event_date"),
                    ("funnel_weekly", "week_start", "date_trunc('week', event_date)::date"),
                )
            ),
        )

    def ranking(self, days: int) -> "Copy":
        """Fill both ranking tables for this many days: all lists, two surfaces, two arms and lists in none."""
        return self.change(
            f"""
            create temp table made as
            select date '{FIRST}' + d::int as event_date, surface, experiment_id, variant, k,
                   share * (60 + (d * 7) % 13) as lists, share * (20 + (d * 5 + k) % 7) as hits, share
            from range({days}) as days(d),
                 (values ('__all__', '__all__', '__all__', 4), ('search', '__all__', '__all__', 3),
                         ('email', '__all__', '__all__', 1), ('__all__', 'order', 'control', 1),
                         ('__all__', 'order', 'new', 2), ('__all__', '(none)', '(none)', 1))
                     as of(surface, experiment_id, variant, share),
                 (values (1), (3), (5), (10), (20)) as cutoffs(k)
            """,
            """
            insert into ranking_metrics_daily by name
            select event_date, surface, experiment_id, variant, k, lists, hits + 10 as interacted_lists,
                   lists * k as shown_at_k, hits as clicked_at_k, hits // 4 as applied_at_k,
                   hits / (lists * k) as ctr_at_k, (hits // 4) / (lists * k) as apply_rate_at_k,
                   hits / lists as success_at_k, hits * 0.6 / lists as mrr_at_k,
                   hits * 0.7 / (hits + 10) as ndcg_at_k, hits * 0.7 / lists as ndcg_at_k_all,
                   lists // 2 as units, lists * 3 as lists_nn, hits * 0.6 as rr_sum, hits * 0.9 as rr_ss,
                   hits * 1.3 as rr_sn, hits as success_lists, hits * 2 as success_ss, hits * 3 as success_sn,
                   hits // 2 + 5 as interacted_units, (hits + 10) * 2 as interacted_nn, hits * 0.7 as ndcg_sum,
                   hits * 0.8 as ndcg_ss, hits * 1.1 as ndcg_sn
            from made
            """,
            """
            insert into ranking_position_daily by name
            select event_date, surface, rank_position, lists as shown, lists // (rank_position + 4) as clicked,
                   lists // (rank_position + 9) as applied, 'k01' as k_bucket,
                   (lists // (rank_position + 4)) / lists as ctr, (lists // (rank_position + 9)) / lists as apply_rate
            from made, range(1, 22) as ranks(rank_position)
            where experiment_id = '__all__' and k = 10
            """,
        )

    def experiment(
        self,
        name: str,
        days: int = 14,
        status: str = "ok",
        variants: Sequence[str] = ("treatment",),
        control: str = "control",
        begins: int = 0,
    ) -> "Copy":
        """Add an experiment that runs for this many days; the metrics of a variant are up, up, down and twice neither."""
        made = (
            "from range(?, ?) as days(d), (select unnest(?) as variant, generate_subscripts(?, 1) as number)"
        )
        span = (begins, begins + days)
        arms = [control, *variants] if status != "no_control" else [*variants]
        self.plant(
            f"""
            insert into ab_metrics_daily by name
            select date '{FIRST}' + d::int as event_date, ? as experiment_id, variant, 200 + d % 7 + number as units {made}
            """,
            *(name, *span, arms, arms),
        )
        return self.plant(
            f"""
            insert into ab_results by name
            with metrics(metric, effect, half) as (
                values ('ctr', 0.02, 0.01), ('clicks_per_user', 0.3, 0.1), ('applies_per_user', -0.04, 0.03),
                       ('apply_user_rate', 0.01, 0.02), ('apply_per_click', 0.001, 0.02)
            ),
            made as (
                select date '{FIRST}' + d::int as as_of_date, ? as experiment_id, variant, metric, ? as status,
                       if(status = 'no_control', 0, 1000 + 10 * d) as units_control,
                       if(status = 'insufficient', 40, 1003 + 10 * d + number) as units_treatment,
                       if(status = 'invalid_multiple_variants', 77, 0) as multiple_variant_units,
                       if(status = 'no_control', null, 0.2) as value_control, 0.2 + effect as value_treatment,
                       if(status = 'ok', effect + d / 10000, null) as effect, half * (1 + 1 / (d + 1)) as half
                {made}, metrics
            )
            select * exclude (half), effect / value_control as relative_effect, effect - half / 2 as ci_low,
                   effect + half / 2 as ci_high, half / 4 + effect * 0 as std_error,
                   if(abs(effect) > half / 2, 0.001, 0.4) + effect * 0 as p_value,
                   if(abs(effect) > half / 2, 0.004, 0.5) + effect * 0 as adjusted_p_value,
                   effect - half as seq_ci_low, effect + half as seq_ci_high,
                   if(status = 'invalid_srm', 1e-9, 0.43) as srm_p_value,
                   (effect - half / 2) / 0.25 as relative_ci_low, (effect + half / 2) / 0.15 as relative_ci_high
            from made
            """,
            *(name, status, *span, list(variants), list(variants)),
        )

    def health(self, days: int) -> "Copy":
        """Fill data_health_daily and quarantine_daily for this many days, as dates with seven reasons of quarantine."""
        return self.change(
            f"""
            insert into data_health_daily by name
            select date '{FIRST}' + d::int as date, events + duplicates + quarantined as lines, * exclude (d)
            from (select d, 1000 + 10 * d as events, 7 + d % 3 as duplicates, 28 as quarantined, d as late_1_day,
                         if(d = 1, 40, 2) as late_2_days_or_more, if(d = 2, 0, 900) as with_ingested_at,
                         if(d = 2, null, 1.5 + d) as median_lateness_seconds,
                         if(d = 2, null, 60.25 + d) as p95_lateness_seconds
                  from range({days}) as days(d)) as made
            """,
            f"""
            insert into quarantine_daily
            select date '{FIRST}' + d::int, 'reason_' || r, r from range({days}) as days(d), range(1, 8) as reasons(r)
            """,
        )

    def search_quality(self, days: int) -> "Copy":
        """Fill search_quality_daily for this many days; on the third nothing says how much it found, or is clicked."""
        return self.change(
            f"""
            insert into search_quality_daily by name
            with made as (
                select d, date '{FIRST}' + d::int as event_date, surface, share * (50 + (d * 3) % 11) as searches,
                       if(d = 2, 0, share * (40 + (d * 3) % 11)) as counted, if(d = 2, 0, share * (9 + d % 4)) as clicked
                from range({days}) as days(d),
                     (values ('__all__', 3), ('search', 2), ('email', 1)) as surfaces(surface, share)
            )
            select event_date, surface, searches, counted // 8 as zero_result_searches, counted as counted_searches,
                   (counted // 8) / nullif(counted, 0) as zero_result_rate, searches as lists,
                   searches - clicked as abandoned_lists, (searches - clicked) / searches as abandonment_rate,
                   clicked * 2 as clicked_items, clicked * (7 + 2 * (d % 3)) as clicked_ranks,
                   if(clicked = 0, null, 3.5 + d % 3) as mean_click_position,
                   if(clicked = 0, null, 20.25 + d) as median_seconds_to_first_click, d as unattributed_clicks,
                   d // 2 as unattributed_applies
            from made
            """
        )
