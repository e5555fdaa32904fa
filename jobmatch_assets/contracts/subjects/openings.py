"""The contracts of openings: how they end, and how long it takes to fill them."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.subjects.postings import REASONS_OF_END
from jobmatch_assets.contracts.table_contract import (
    ROUNDING,
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    not_negative,
    one_of,
    shares,
)

OUTCOMES = ("filled", "closed")

_DAY = 86_400_000_000
"""In microseconds."""

_HORIZONS = (30, 60, 90)
"""In days."""


def _days_are_whole(rows: Rows) -> Condition:
    micros = rows.ended_at.delta(rows.started_at, unit="microsecond")
    return ((rows.days * _DAY <= micros) & (micros < (rows.days + 1) * _DAY)).fill_null(True)


OPENING_FINGERPRINTS = TableContract(
    "silver",
    "opening_fingerprints",
    Whole(),
    grain=("opening_id",),
    rules=(
        Rule(
            "opening_is_made_of_something",
            "made_of is not empty",
            ("made_of",),
            lambda rows: rows.made_of != "",
        ),
    ),
)

OPENING_OUTCOMES = TableContract(
    "silver",
    "opening_outcomes",
    Whole(),
    grain=("opening_id", "as_of_from"),
    rules=(
        one_of("outcome", OUTCOMES),
        one_of("end_reason", REASONS_OF_END),
        Rule(
            "dates_go_on",
            "as_of_to is later than as_of_from, and that not before the date of started_at",
            ("as_of_from", "as_of_to", "started_at"),
            lambda rows: (
                (rows.as_of_to > rows.as_of_from).fill_null(True)
                & (rows.started_at.date() <= rows.as_of_from)
            ),
        ),
        Rule(
            "what_ended_has_a_time",
            "ended_at and days are NULL exactly where outcome is, and ended_at is not before started_at",
            ("outcome", "started_at", "ended_at", "days"),
            lambda rows: (
                (rows.outcome.isnull() == rows.ended_at.isnull())
                & (rows.outcome.isnull() == rows.days.isnull())
                & (rows.ended_at >= rows.started_at).fill_null(True)
            ),
        ),
        Rule(
            "days_are_whole_days",
            "days is ended_at - started_at in whole days, rounded down",
            ("days", "started_at", "ended_at"),
            _days_are_whole,
        ),
        Rule(
            "closed_has_a_reason",
            "end_reason is there exactly where outcome is closed",
            ("outcome", "end_reason"),
            lambda rows: rows.end_reason.notnull() == (rows.outcome == "closed").fill_null(False),
        ),
        Rule(
            "what_is_live_is_not_closed",
            "live_postings is 0 where outcome is closed, and more where it is NULL",
            ("outcome", "live_postings"),
            lambda rows: (
                (rows.outcome == "filled").fill_null(False)
                | ((rows.live_postings > 0) == rows.outcome.isnull())
            ),
        ),
        not_negative(("live_postings",)),
    ),
)


def _columns_of(cause: str) -> tuple[str, ...]:
    return tuple(f"{cause}_share_{days}" for days in _HORIZONS)


def _shares_fit(rows: Rows) -> Condition:
    pairs = zip(_columns_of("filled"), _columns_of("closed"), strict=True)
    return every(
        (rows[filled].isnull() == rows[closed].isnull())
        & (rows[filled].fill_null(0.0) >= 0)
        & (rows[closed].fill_null(0.0) >= 0)
        & ((rows[filled] + rows[closed]).fill_null(0.0) <= 1 + ROUNDING)
        for filled, closed in pairs
    )


def _shares_grow(rows: Rows) -> Condition:
    return every(
        (rows[f"{cause}_share_{earlier}"] <= rows[f"{cause}_share_{later}"]).fill_null(True)
        for cause in OUTCOMES
        for earlier, later in ((30, 60), (60, 90), (30, 90))
    )


TIME_TO_FILL_CURVE = TableContract(
    "gold",
    "time_to_fill_curve",
    Whole(),
    grain=("as_of_date", "category", "day"),
    rules=(
        not_negative(("day", "filled", "closed")),
        Rule(
            "some_of_those_at_risk_ended",
            "1 <= filled + closed <= at_risk",
            ("filled", "closed", "at_risk"),
            lambda rows: (rows.filled + rows.closed).between(1, rows.at_risk),
        ),
        Rule(
            "shares_are_of_all",
            "filled_share and closed_share are 0 or more, and together more than 0 and at most 1",
            ("filled_share", "closed_share"),
            lambda rows: (
                (rows.filled_share >= 0)
                & (rows.closed_share >= 0)
                & (rows.filled_share + rows.closed_share > 0)
                & (rows.filled_share + rows.closed_share <= 1 + ROUNDING)
            ),
        ),
    ),
)

TIME_TO_FILL = TableContract(
    "gold",
    "time_to_fill",
    Whole(),
    grain=("as_of_date", "category"),
    rules=(
        not_negative(("filled", "closed_unfilled", "still_open", "evergreen")),
        Rule(
            "openings_are_filled_closed_or_open",
            "openings = filled + closed_unfilled + still_open",
            ("openings", "filled", "closed_unfilled", "still_open"),
            lambda rows: rows.openings == rows.filled + rows.closed_unfilled + rows.still_open,
        ),
        Rule(
            "row_has_openings",
            "openings + evergreen is 1 or more",
            ("openings", "evergreen"),
            lambda rows: rows.openings + rows.evergreen >= 1,
        ),
        Rule(
            "shares_are_of_all",
            "of each horizon, the shares of filled and closed are 0 or more, together at most 1, and both "
            "NULL or none",
            (*_columns_of("filled"), *_columns_of("closed")),
            _shares_fit,
        ),
        Rule(
            "shares_do_not_fall",
            "no share of a longer horizon is less than that of a shorter one",
            (*_columns_of("filled"), *_columns_of("closed")),
            _shares_grow,
        ),
        Rule(
            "giving_up_only_delays",
            "median_days_to_fill_if_not_closed is at most median_days_to_fill, and there where that is",
            ("median_days_to_fill", "median_days_to_fill_if_not_closed"),
            lambda rows: (
                rows.median_days_to_fill.isnull()
                | (rows.median_days_to_fill_if_not_closed <= rows.median_days_to_fill).fill_null(False)
            ),
        ),
        Rule(
            "mean_is_of_filled",
            "mean_days_filled_only is 0 or more, and NULL exactly where filled is 0",
            ("mean_days_filled_only", "filled"),
            lambda rows: (
                (rows.mean_days_filled_only.isnull() == (rows.filled == 0))
                & (rows.mean_days_filled_only.fill_null(0.0) >= 0)
            ),
        ),
        Rule(
            "expiry_rate_is_of_ended",
            "expiry_rate is NULL exactly where nothing has ended, and its part at most closed_unfilled",
            ("expiry_rate", "filled", "closed_unfilled"),
            lambda rows: (
                (rows.expiry_rate.isnull() == (rows.filled + rows.closed_unfilled == 0))
                & (
                    rows.expiry_rate * (rows.filled + rows.closed_unfilled)
                    <= rows.closed_unfilled * (1 + ROUNDING)
                ).fill_null(True)
            ),
        ),
        shares(("expiry_rate",)),
    ),
)

OPENING_TABLES = (OPENING_FINGERPRINTS, OPENING_OUTCOMES, TIME_TO_FILL_CURVE, TIME_TO_FILL)
"""In the order in which they are built."""
