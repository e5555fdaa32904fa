"""The contracts of marts: what units, jobs and companies are like, their tiers, and since when."""

from collections.abc import Callable, Mapping, Sequence

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import (
    ROUNDING,
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    not_negative,
    one_of,
    quotient,
    shares,
    within,
)
from jobmatch_assets.contracts.tiers import INSUFFICIENT, SILENT, least_evidence, steps_of, words_of

_DAYS = 28
"""How many dates active_days_28 looks back on."""

_MIXED = "(mixed)"


def _follows(
    column: str,
    shown: Sequence[str],
    number: Callable[[Rows], Condition],
    says: str,
    has_enough: Callable[[Rows], Condition] | None = None,
) -> Rule:
    """The column has the word for a number, where there is evidence enough."""

    def follow(rows: Rows) -> Condition:
        value = number(rows)
        words = []
        for word, least, below in steps_of(column):
            expected = value >= least - ROUNDING
            if below is not None:
                expected &= value < below - ROUNDING
            if has_enough is not None:
                expected &= has_enough(rows)
            words.append((rows[column] == word).fill_null(False) == expected.fill_null(False))
        return every(words)

    return Rule(f"{column}_follows", f"{column} is the word for {says}", (column, *shown), follow)


def _is_null_where(column: str, name: str, says: str, is_missing: Callable[[Rows], Condition]) -> Rule:
    return Rule(
        name,
        f"{column} is NULL exactly where {says}",
        (column,),
        lambda rows: rows[column].isnull() == is_missing(rows),
    )


def _history(
    name: str,
    key: str,
    words: Mapping[str, Sequence[str]],
    layer: str = "gold",
    further_rules: Sequence[Rule] = (),
) -> TableContract:
    return TableContract(
        layer,
        name,
        Whole(),
        is_published=key != "unit_id",
        grain=(key, "valid_from"),
        rules=(
            *(one_of(column, known) for column, known in words.items()),
            Rule(
                "state_lasts",
                "valid_to is later than valid_from",
                ("valid_from", "valid_to"),
                lambda rows: (rows.valid_to > rows.valid_from).fill_null(True),
            ),
            *further_rules,
        ),
    )


_SEGMENTS = words_of("segment")

_TIERS_OF_JOBS = {column: (*words_of(column), INSUFFICIENT) for column in ("tier", "quality_tier")}

_RESPONSIVENESS = (*words_of("responsiveness"), SILENT, INSUFFICIENT)

USER_MART = TableContract(
    "gold",
    "user_mart",
    Whole(),
    is_published=False,
    grain=("unit_id",),
    rules=(
        one_of("segment", _SEGMENTS),
        one_of("style", words_of("style")),
        not_negative(("searches", "clicks", "applies", "days_since_last")),
        Rule(
            "unit_has_events",
            "events is 1 or more, and at least searches, clicks and applies together",
            ("events", "searches", "clicks", "applies"),
            lambda rows: (rows.events >= 1) & (rows.searches + rows.clicks + rows.applies <= rows.events),
        ),
        Rule(
            "active_days_fit",
            f"active_days_28 lies between 0 and {_DAYS}, and is 0 exactly where days_since_last is as many",
            ("active_days_28", "days_since_last"),
            lambda rows: (
                rows.active_days_28.between(0, _DAYS)
                & ((rows.active_days_28 == 0) == (rows.days_since_last >= _DAYS))
            ),
        ),
        Rule(
            "first_date_is_not_after_the_last",
            "first_date is not later than last_date",
            ("first_date", "last_date"),
            lambda rows: rows.first_date <= rows.last_date,
        ),
        _follows("segment", ("active_days_28",), lambda rows: rows.active_days_28, "active_days_28"),
        _follows(
            "style",
            ("applies", "clicks"),
            lambda rows: rows.applies / rows.clicks.nullif(0),
            f"applies / clicks, and NULL below {least_evidence('style')} clicks",
            lambda rows: rows.clicks >= least_evidence("style"),
        ),
        _is_null_where(
            "top_category", "top_category_has_clicks", "clicks is 0", lambda rows: rows.clicks == 0
        ),
    ),
)

USER_MART_HISTORY = _history("user_mart_history", "unit_id", {"segment": _SEGMENTS})

USER_SEGMENTS_DAILY = TableContract(
    "gold",
    "user_segments_daily",
    Whole(),
    grain=("date", "segment"),
    rules=(
        one_of("segment", _SEGMENTS),
        not_negative(("left",)),
        within((("entered", "units"),), "those_who_entered_are_there"),
        Rule(
            "row_has_units",
            "somebody is in the segment, or has left it",
            ("units", "left"),
            lambda rows: (rows.units > 0) | (rows["left"] > 0),
        ),
    ),
)

JOB_MART = TableContract(
    "gold",
    "job_mart",
    Whole(),
    grain=("job_id",),
    rules=(
        *(one_of(column, words) for column, words in _TIERS_OF_JOBS.items()),
        not_negative(("clicks", "applies", "qualified", "disqualified", "expected_clicks")),
        within((("rank_n", "impressions"),), "ranks_are_those_of_impressions"),
        quotient("ctr", "clicks", "impressions"),
        quotient("apply_rate", "applies", "impressions"),
        _is_null_where(
            "spend",
            "spend_has_one_currency",
            f"currency is {_MIXED}",
            lambda rows: (rows.currency == _MIXED).fill_null(False),
        ),
        Rule(
            "nothing_is_spent_without_a_currency",
            "spend is 0 where currency is NULL",
            ("spend", "currency"),
            lambda rows: rows.currency.notnull() | (rows.spend == 0),
        ),
        Rule(
            "ranks_are_in_order",
            "1 <= rank_min <= rank_mean <= rank_max, all NULL exactly where rank_n is 0",
            ("rank_n", "rank_min", "rank_mean", "rank_max"),
            lambda rows: (
                every(
                    rows[column].isnull() == (rows.rank_n == 0)
                    for column in ("rank_min", "rank_mean", "rank_max")
                )
                & (
                    (rows.rank_min >= 1)
                    & (rows.rank_min <= rows.rank_mean * (1 + ROUNDING))
                    & (rows.rank_mean <= rows.rank_max * (1 + ROUNDING))
                ).fill_null(True)
            ),
        ),
        Rule(
            "rank_spreads_within_its_bounds",
            "rank_stddev lies between 0 and rank_max - rank_min, and is NULL exactly where rank_n is below 2",
            ("rank_n", "rank_stddev", "rank_min", "rank_max"),
            lambda rows: (
                (rows.rank_stddev.isnull() == (rows.rank_n < 2))
                & (
                    (rows.rank_stddev >= 0)
                    & (rows.rank_stddev <= (rows.rank_max - rows.rank_min) * (1 + ROUNDING))
                ).fill_null(True)
            ),
        ),
        Rule(
            "span_is_that_of_its_dates",
            "span_days is last_date - first_date, and all are NULL exactly where there is no traffic",
            ("span_days", "first_date", "last_date"),
            lambda rows: (
                every(
                    rows[column].isnull() == (rows.impressions + rows.clicks + rows.applies == 0)
                    for column in ("span_days", "first_date", "last_date")
                )
                & (
                    (rows.span_days >= 0)
                    & (rows.last_date.delta(rows.first_date, unit="day") == rows.span_days)
                ).fill_null(True)
            ),
        ),
        _is_null_where(
            "coec",
            "coec_has_expectations",
            "expected_clicks is 0",
            lambda rows: rows.expected_clicks == 0,
        ),
        _follows(
            "tier",
            ("coec", "expected_clicks"),
            lambda rows: rows.coec,
            f"coec, and {INSUFFICIENT} below {least_evidence('tier')} expected clicks",
            lambda rows: rows.expected_clicks >= least_evidence("tier") - ROUNDING,
        ),
        _follows(
            "quality_tier",
            ("qualified", "disqualified"),
            lambda rows: rows.qualified / (rows.qualified + rows.disqualified).nullif(0),
            f"the share of qualified, and {INSUFFICIENT} below {least_evidence('quality_tier')}",
            lambda rows: rows.qualified + rows.disqualified >= least_evidence("quality_tier"),
        ),
    ),
)

JOB_TIERS = _history(
    *("job_tiers", "job_id", {"tier": _TIERS_OF_JOBS["tier"]}),
    layer="silver",
    further_rules=(
        Rule(
            "stay_begins_while_the_job_is_told_of",
            "valid_from lies between first_date and told_until",
            ("valid_from", "first_date", "told_until"),
            lambda rows: (rows.valid_from >= rows.first_date) & (rows.valid_from <= rows.told_until),
        ),
    ),
)

JOB_MART_HISTORY = _history("job_mart_history", "job_id", _TIERS_OF_JOBS)

COMPANY_MART = TableContract(
    "gold",
    "company_mart",
    Whole(),
    grain=("company_id",),
    rules=(
        one_of("responsiveness", _RESPONSIVENESS),
        within((("live", "openings"),), "parts_are_within_their_whole"),
        shares(("filled_share_60",)),
        Rule(
            "nobody_waits_for_less_than_nothing",
            "median_hours_to_response is 0 or more, or NULL",
            ("median_hours_to_response",),
            lambda rows: (rows.median_hours_to_response >= 0).fill_null(True),
        ),
        _follows(
            "responsiveness",
            ("median_hours_to_response", "applications"),
            lambda rows: rows.median_hours_to_response,
            f"the median, and another one below {least_evidence('responsiveness')} applications",
            lambda rows: rows.applications >= least_evidence("responsiveness"),
        ),
        Rule(
            "who_has_no_median_is_silent",
            f"responsiveness is {INSUFFICIENT} exactly where there are too few applications, "
            f"and else {SILENT} exactly where median_hours_to_response is NULL",
            ("responsiveness", "applications", "median_hours_to_response"),
            lambda rows: (
                (
                    (rows.responsiveness == INSUFFICIENT)
                    == (rows.applications < least_evidence("responsiveness"))
                )
                & (
                    (rows.responsiveness == SILENT)
                    == (
                        rows.median_hours_to_response.isnull()
                        & (rows.applications >= least_evidence("responsiveness"))
                    )
                )
            ),
        ),
    ),
)

COMPANY_MART_HISTORY = _history("company_mart_history", "company_id", {"responsiveness": _RESPONSIVENESS})

MART_TABLES = (
    *(USER_MART, USER_MART_HISTORY, USER_SEGMENTS_DAILY),
    *(JOB_MART, JOB_TIERS, JOB_MART_HISTORY),
    *(COMPANY_MART, COMPANY_MART_HISTORY),
)
"""In the order in which they are built."""
