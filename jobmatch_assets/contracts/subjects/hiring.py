"""The contracts of what becomes of applications: how far they come, and how long it takes."""

from collections.abc import Sequence
from itertools import pairwise

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.entities.tables import STAGES_OF_HIRING
from jobmatch_assets.contracts.table_contract import (
    ROUNDING,
    Condition,
    Rows,
    Rule,
    TableContract,
    every,
    is_a_monday,
    is_date_of,
    near,
    not_negative,
    one_of,
    quotient,
    rolled_up_but_one,
    shares,
    within,
)

_GROUPS = ("company_id", "category", "channel")

_REACHED = tuple(f"reached_{stage}" for stage in STAGES_OF_HIRING[1:])

_RATES_OF_STAGES = tuple(f"{stage}_rate" for stage in STAGES_OF_HIRING[1:])

_HORIZONS = {
    "responded_7d": "applications",
    "interview_30d": "reached_interview",
    "placed_60d": "reached_placed",
}
"""{count within some days: what it is part of}"""

_FIRST_TIMES = (
    *("reviewed", "shortlisted", "qualified", "disqualified", "interview", "offered", "placed"),
    *("rejected", "withdrawn"),
)

_RESPONDED = ("responded_3d", "responded_7d", "responded_14d")

_LEAST_FOR_A_MEDIAN = 5


def _is_counted(columns: Sequence[str]) -> Rule:
    """A row exists where there is something to count."""
    return Rule(
        "row_counts_something",
        f"one of {', '.join(columns)} is 1 or more",
        tuple(columns),
        lambda rows: sum(rows[column] for column in columns) >= 1,
    )


def _is_part_where_known(parts: Sequence[tuple[str, str]], name: str) -> Rule:
    """In each pair, the first column lies between 0 and the second, or is NULL."""
    return Rule(
        name,
        ", ".join(f"0 <= {less} <= {more}, or {less} is NULL" for less, more in parts),
        tuple(dict.fromkeys(column for pair in parts for column in pair)),
        lambda rows: every(
            ((rows[less] >= 0) & (rows[less] <= rows[more])).fill_null(True) for less, more in parts
        ),
    )


def _mature_together(rate: str, count: str, whole: str) -> Rule:
    """A rate over a horizon is known exactly where its count is."""
    return Rule(
        f"{rate}_is_its_quotient",
        f"{rate} is {count} / {whole}, and NULL exactly where {count} is",
        (rate, count, whole),
        lambda rows: (
            (rows[rate].isnull() == rows[count].isnull())
            & near(rows[rate], rows[count] / rows[whole]).fill_null(True)
        ),
    )


def _mature_in_order(columns: Sequence[str]) -> Rule:
    """What takes longer is not known before what takes less."""
    return Rule(
        "horizons_become_mature_in_order",
        f"of {', '.join(columns)}, none is known where one before it is NULL",
        tuple(columns),
        lambda rows: every(
            rows[later].isnull() | rows[earlier].notnull() for earlier, later in pairwise(columns)
        ),
    )


def _is_null_without(median: str, count: str, least: int = 1) -> Rule:
    return Rule(
        f"{median}_needs_{count}",
        f"{median} is NULL where {count} is less than {least}",
        (median, count),
        lambda rows: rows[median].isnull() | (rows[count] >= least),
    )


def _takes_time(hours: str) -> Rule:
    return Rule(
        f"{hours}_is_not_negative",
        f"{hours} is 0 or more",
        (hours,),
        lambda rows: (rows[hours] >= 0).fill_null(True),
    )


def _never_is_the_rest(rows: Rows) -> Condition:
    # Between 14 and 30 days more may be answered, but no more than ever were.
    unanswered = rows.never_within_30d_rate * rows.applications
    slack = ROUNDING * (1 + rows.applications)
    least, most = rows.applications - rows.responded - slack, rows.applications - rows.responded_14d + slack
    return ((unanswered >= least) & (unanswered <= most)).fill_null(True)


APPLICATION_WAITS = TableContract(
    "silver",
    "application_waits",
    Whole(),
    grain=("application_id",),
    rules=(
        one_of("outcome", ("responded",)),
        _takes_time("waited_hours"),
        Rule(
            "wait_has_a_beginning",
            "waited_hours is NULL where applied_at is",
            ("waited_hours", "applied_at"),
            lambda rows: rows.waited_hours.isnull() | rows.applied_at.notnull(),
        ),
        Rule(
            "answered_wait_has_hours",
            "outcome is NULL where waited_hours is",
            ("outcome", "waited_hours"),
            lambda rows: rows.outcome.isnull() | rows.waited_hours.notnull(),
        ),
        is_date_of("applied_date", "applied_at"),
    ),
)

HIRING_FUNNEL_DAILY = TableContract(
    "gold",
    "hiring_funnel_daily",
    Whole(),
    grain=("applied_date", *_GROUPS),
    rules=(
        rolled_up_but_one(_GROUPS),
        _is_counted(("applications",)),
        not_negative(("rejected", "withdrawn", "open")),
        within(
            tuple((later, earlier) for earlier, later in pairwise(("applications", *_REACHED))), "stages_fall"
        ),
        within(
            (("qualified", "reached_reviewed"), ("disqualified", "reached_reviewed")),
            "judged_ones_are_reviewed",
        ),
        Rule(
            "application_has_one_status",
            "rejected + withdrawn + open <= applications",
            ("rejected", "withdrawn", "open", "applications"),
            lambda rows: rows.rejected + rows.withdrawn + rows["open"] <= rows.applications,
        ),
        _is_part_where_known(tuple(_HORIZONS.items()), "horizons_are_parts"),
        _mature_in_order(tuple(_HORIZONS)),
        shares((*_RATES_OF_STAGES, "placed_overall", *(f"{count}_rate" for count in _HORIZONS))),
        *(
            quotient(rate, later, earlier)
            for rate, (earlier, later) in zip(
                _RATES_OF_STAGES, pairwise(("applications", *_REACHED)), strict=True
            )
        ),
        quotient("placed_overall", "reached_placed", "applications"),
        *(_mature_together(f"{count}_rate", count, "applications") for count in _HORIZONS),
    ),
)

HIRING_ACTIVITY_DAILY = TableContract(
    "gold",
    "hiring_activity_daily",
    Whole(),
    grain=("date", *_GROUPS),
    rules=(
        rolled_up_but_one(_GROUPS),
        not_negative(("applications", *_FIRST_TIMES)),
        _is_counted(("applications", *_FIRST_TIMES)),
    ),
)

RESPONSE_TIME_DAILY = TableContract(
    "gold",
    "response_time_daily",
    Whole(),
    grain=("applied_date", "company_id"),
    rules=(
        _is_counted(("applications",)),
        within((("responded", "applications"),), "answered_ones_are_applications"),
        _is_part_where_known(tuple(pairwise((*_RESPONDED, "responded"))), "answers_grow_with_their_horizon"),
        _mature_in_order((*_RESPONDED, "never_within_30d_rate")),
        shares((*(f"{count}_rate" for count in _RESPONDED), "never_within_30d_rate")),
        *(_mature_together(f"{count}_rate", count, "applications") for count in _RESPONDED),
        Rule(
            "never_is_the_rest",
            "never_within_30d_rate * applications lies between applications - responded and applications - "
            "responded_14d",
            ("never_within_30d_rate", "applications", "responded", "responded_14d"),
            _never_is_the_rest,
        ),
        _takes_time("median_hours_to_response"),
        _is_null_without("median_hours_to_response", "responded"),
    ),
)

STAGE_TIME_WEEKLY = TableContract(
    "gold",
    "stage_time_weekly",
    Whole(),
    grain=("week_start", "stage"),
    rules=(
        is_a_monday("week_start", "week_begins_on_monday"),
        one_of("stage", STAGES_OF_HIRING[:-1]),
        _is_counted(("entered",)),
        not_negative(("left", "still_in")),
        Rule(
            "who_entered_has_left_or_is_still_in",
            "entered = left + still_in",
            ("entered", "left", "still_in"),
            lambda rows: rows.entered == rows["left"] + rows.still_in,
        ),
        within((("approximate", "entered"),), "approximate_ones_have_entered"),
        shares(("left_7d_rate",)),
        Rule(
            "who_left_in_time_has_left",
            "left_7d_rate * entered <= left",
            ("left_7d_rate", "entered", "left"),
            lambda rows: (
                rows.left_7d_rate * rows.entered <= rows["left"] + ROUNDING * (1 + rows.entered)
            ).fill_null(True),
        ),
        _takes_time("median_hours"),
        _is_null_without("median_hours", "left"),
    ),
)

TIME_TO_HIRE_WEEKLY = TableContract(
    "gold",
    "time_to_hire_weekly",
    Whole(),
    grain=("week_start", "category"),
    rules=(
        is_a_monday("week_start", "week_begins_on_monday"),
        _is_counted(("hires",)),
        _is_null_without("median_days_application_to_hire", "hires", least=_LEAST_FOR_A_MEDIAN),
    ),
)

HIRING_TABLES = (
    *(APPLICATION_WAITS, HIRING_FUNNEL_DAILY, HIRING_ACTIVITY_DAILY),
    *(RESPONSE_TIME_DAILY, STAGE_TIME_WEEKLY, TIME_TO_HIRE_WEEKLY),
)
"""In the order in which they are built."""
