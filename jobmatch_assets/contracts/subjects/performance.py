"""The contracts of what jobs got for their money, by hour."""

from collections.abc import Sequence

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.table_contract import (
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    lies_in_hour,
    not_negative,
    one_of,
    within,
)

CHARGED_IDS = ("publisher_id", "campaign_id", "group_id")
"""The ids that tell who is charged for a job."""

COUNTS_OF_DEEDS = ("clicks", "conversion", "qualified_application", "disqualified_application")
"""The counts of what is done about a job, beside those of it being shown and read."""

PERFORMANCE_COUNTS = ("impressions", "job_views", *COUNTS_OF_DEEDS)

MIXED = "(mixed)"
"""In place of a currency, where bids are in several."""

_HALF_A_CENT = 0.005

_MOST = 1_000_000_000_000
"""No bid is so high."""


def _hour_of_day(hour: str) -> Rule:
    return Rule(
        f"{hour}_is_one_of_the_day", f"{hour} is 0 to 23", (hour,), lambda rows: rows[hour].between(0, 23)
    )


def _lies_in_its_hour(instant: str, date: str, hour: str) -> Rule:
    return Rule(
        f"{instant}_lies_in_its_hour",
        f"{date} and {hour} are the UTC date and hour of {instant}",
        (date, hour, instant),
        lambda rows: lies_in_hour(rows[instant], rows[date], rows[hour]),
    )


def counts_something(counts: Sequence[str]) -> Rule:
    """A row of which all counts are 0 does not exist."""

    def is_some(rows: Rows) -> Condition:
        return sum(rows[column] for column in counts) > 0

    return Rule("row_counts_something", f"{', '.join(counts)} are not all 0", tuple(counts), is_some)


def has_no_sum_if_mixed(spend: str) -> Rule:
    """Bids in several currencies have no sum, and all others have one."""
    return Rule(
        "mixed_currencies_have_no_sum",
        f"{spend} is NULL exactly where currency is {MIXED}",
        (spend, "currency"),
        lambda rows: rows[spend].isnull() == (rows.currency.fill_null("") == MIXED),
    )


def spends_in_a_currency(spend: str) -> Rule:
    """Where nothing carries a bid there is no currency, and nothing is spent."""
    return Rule(
        "spend_has_a_currency",
        f"{spend} is 0 where currency is NULL",
        (spend, "currency"),
        lambda rows: rows.currency.notnull() | (rows[spend] == 0),
    )


def _is_mean(bids: str, count: Condition) -> Rule:
    """bid_set is the mean bid, rounded to 2 places; of no bids, and of several currencies, there is none."""

    def is_mean(rows: Rows) -> Condition:
        number = count(rows)
        mean = rows.spend_hour.cast("float64") / number.nullif(0)
        away = (rows.bid_set.cast("float64") - mean).abs()
        is_there = rows.spend_hour.notnull() & (number > 0)
        rounded = away <= _HALF_A_CENT + mean * 1e-12
        return (rows.bid_set.notnull() == is_there) & rounded.fill_null(True)

    return Rule(
        "bid_set_is_the_mean_bid",
        f"bid_set is spend_hour / {bids}, to a cent; NULL where there are none or spend_hour is NULL",
        ("bid_set", "spend_hour", "clicks"),
        is_mean,
    )


def _names_producers() -> Rule:
    return Rule("row_has_sources", "sources is not empty", ("sources",), lambda rows: rows.sources != "")


def _keeps_own_ids(rows: Rows) -> Condition:
    is_shown = rows.counted_as.isin(("impressions", "clicks", "job_views"))
    names_one = ~every(rows[f"own_{column}"] == 0 for column in CHARGED_IDS)
    return ~(is_shown | names_one) | every(rows[column] == rows[f"own_{column}"] for column in CHARGED_IDS)


PERFORMANCE_EVENTS = TableContract(
    "silver",
    "performance_events",
    Whole(),
    grain=("event_date", "event_id"),
    rules=(
        _hour_of_day("hour"),
        _lies_in_its_hour("event_ts", "event_date", "hour"),
        one_of("counted_as", PERFORMANCE_COUNTS),
        Rule(
            "own_ids_come_first",
            "an event that names one of the three ids, or is no apply and no status, has its own",
            ("counted_as", *CHARGED_IDS, *(f"own_{column}" for column in CHARGED_IDS)),
            _keeps_own_ids,
        ),
        Rule(
            "only_applies_take_from_clicks",
            "is_attributed is false but for an apply that names none of the three ids",
            ("is_attributed", "counted_as", *(f"own_{column}" for column in CHARGED_IDS)),
            lambda rows: (
                ~rows.is_attributed
                | (
                    (rows.counted_as == "conversion")
                    & every(rows[f"own_{column}"] == 0 for column in CHARGED_IDS)
                )
            ),
        ),
        Rule(
            "only_clicks_repeat",
            "is_repeat is false but for clicks",
            ("is_repeat", "counted_as"),
            lambda rows: ~rows.is_repeat | (rows.counted_as == "clicks"),
        ),
        Rule(
            "only_clicks_cost",
            "bid is NULL but for clicks, and currency is NULL exactly where it is",
            ("bid", "currency", "counted_as"),
            lambda rows: (
                (rows.bid.isnull() == rows.currency.isnull())
                & (rows.bid.isnull() | (rows.counted_as == "clicks"))
            ),
        ),
        Rule(
            "bid_is_possible",
            "0 <= bid <= 10^12",
            ("bid",),
            lambda rows: rows.bid.between(0, _MOST),
        ),
    ),
)

JOB_PERFORMANCE_HOURLY = TableContract(
    "gold",
    "job_performance_hourly",
    Whole(),
    grain=("event_date", "hour", "job_id", *CHARGED_IDS),
    rules=(
        _hour_of_day("hour"),
        not_negative(PERFORMANCE_COUNTS),
        counts_something(PERFORMANCE_COUNTS),
        within((("attributed_conversion", "conversion"),), "attributed_applies_are_applies"),
        within((("clicks_without_bid", "clicks"), ("repeat_clicks", "clicks")), "parts_of_clicks_are_clicks"),
        within((("spend_repeat", "spend_hour"),), "spend_of_repeats_is_part_of_it"),
        has_no_sum_if_mixed("spend_hour"),
        spends_in_a_currency("spend_hour"),
        Rule(
            "bids_have_a_currency",
            "currency is NULL exactly where no click carries a bid",
            ("currency", "clicks", "clicks_without_bid"),
            lambda rows: rows.currency.isnull() == (rows.clicks == rows.clicks_without_bid),
        ),
        Rule(
            "repeats_have_no_sum_if_mixed",
            "spend_repeat is NULL exactly where spend_hour is",
            ("spend_repeat", "spend_hour"),
            lambda rows: rows.spend_repeat.isnull() == rows.spend_hour.isnull(),
        ),
        _is_mean("(clicks - clicks_without_bid)", lambda rows: rows.clicks - rows.clicks_without_bid),
        _names_producers(),
        _lies_in_its_hour("latest_update_time", "event_date", "hour"),
    ),
)

JOB_SPEND_HOURLY = TableContract(
    "gold",
    "job_spend_hourly",
    Whole(),
    grain=("event_date", "hour", "job_id", *CHARGED_IDS, "currency"),
    rules=(
        _hour_of_day("hour"),
        counts_something(("clicks",)),
        within((("spend_repeat", "spend_hour"),), "spend_of_repeats_is_part_of_it"),
        Rule(
            "currency_is_one",
            f"currency is not {MIXED}",
            ("currency",),
            lambda rows: rows.currency != MIXED,
        ),
        _is_mean("clicks", lambda rows: rows.clicks),
    ),
)

JOB_PERFORMANCE_SEED2 = TableContract(
    "gold",
    "job_performance_seed2",
    Whole(),
    grain=("dates", "hours", "job_id", *CHARGED_IDS),
    rules=(
        _hour_of_day("hours"),
        not_negative(COUNTS_OF_DEEDS),
        counts_something(COUNTS_OF_DEEDS),
        _is_mean("clicks", lambda rows: rows.clicks),
        Rule(
            "only_clicks_spend",
            "spend_hour is 0 where clicks is",
            ("spend_hour", "clicks"),
            lambda rows: (rows.clicks > 0) | (rows.spend_hour.fill_null(1) == 0),
        ),
        _names_producers(),
        _lies_in_its_hour("latest_update_time", "dates", "hours"),
    ),
)

PERFORMANCE_TABLES = (
    PERFORMANCE_EVENTS,
    JOB_PERFORMANCE_HOURLY,
    JOB_SPEND_HOURLY,
    JOB_PERFORMANCE_SEED2,
)
"""In the order in which they are built."""
