"""The contracts of the dimensions: versions of entities as facts refer to them, and dates."""

from jobmatch_assets.contracts.clock import Whole
from jobmatch_assets.contracts.entities.columns import EntityTable
from jobmatch_assets.contracts.entities.matches import MEMBER_KEY, NO_MEMBER
from jobmatch_assets.contracts.entities.personal import NAMES_OF_PEOPLE
from jobmatch_assets.contracts.entities.tables import (
    CAMPAIGN,
    CANDIDATE,
    COMPANY,
    JOB,
    JOB_GROUP,
    PUBLISHER,
    USER,
)
from jobmatch_assets.contracts.table_contract import Rule, TableContract


def looks_like_a_key(column: str) -> Rule:
    """A column holds keys of members of a dimension."""
    return Rule(
        f"{column}_looks_like_a_key",
        f"{column} is 32 hexadecimal digits, or {NO_MEMBER}",
        (column,),
        lambda rows: rows[column].re_search(MEMBER_KEY),
    )


def _member_minus_one(key: str) -> Rule:
    return Rule(
        "member_of_the_unknown_is_no_version",
        f"source, valid_from and version are NULL exactly where {key} is {NO_MEMBER}",
        (key, "source", "valid_from", "version"),
        lambda rows: (
            (rows.source.isnull() == (rows[key] == NO_MEMBER))
            & (rows.valid_from.isnull() == (rows[key] == NO_MEMBER))
            & (rows.version.isnull() == (rows[key] == NO_MEMBER))
        ),
    )


def dimension_contract(table: EntityTable) -> TableContract:
    """The contract of the dimension of a table of entities."""
    key = f"{table.name}_key"
    return TableContract(
        "gold",
        f"dim_{table.name}",
        Whole(),
        grain=(key,),
        place=("source", table.key.name, "valid_from"),
        is_published=table.name not in NAMES_OF_PEOPLE,
        rules=(
            looks_like_a_key(key),
            _member_minus_one(key),
            Rule(
                "version_lasts",
                "valid_to is later than valid_from",
                ("valid_from", "valid_to"),
                lambda rows: (rows.valid_to > rows.valid_from).fill_null(True),
            ),
            Rule(
                "current_version_has_no_end",
                "is_current is true exactly where valid_to is NULL",
                ("is_current", "valid_to"),
                lambda rows: rows.is_current == rows.valid_to.isnull(),
            ),
            Rule(
                "deleted_entity_has_no_current_version",
                "is_current is false where is_deleted is true",
                ("is_current", "is_deleted"),
                lambda rows: ~(rows.is_current & rows.is_deleted),
            ),
            Rule(
                "version_counts_from_1",
                "version is 1 or more",
                ("version",),
                lambda rows: (rows.version >= 1).fill_null(True),
            ),
        ),
    )


DIM_COMPANY = dimension_contract(COMPANY)

DIM_JOB = dimension_contract(JOB)

DIM_CANDIDATE = dimension_contract(CANDIDATE)

DIM_USER = dimension_contract(USER)

DIM_CAMPAIGN = dimension_contract(CAMPAIGN)

DIM_JOB_GROUP = dimension_contract(JOB_GROUP)

DIM_PUBLISHER = dimension_contract(PUBLISHER)

DIM_DATE = TableContract(
    "gold",
    "dim_date",
    Whole(),
    grain=("date",),
    rules=(
        Rule(
            "weekday_is_that_of_the_date",
            "weekday is 1 more than the days from week_start to date, and at most 7",
            ("date", "week_start", "weekday"),
            lambda rows: (
                (rows.date.delta(rows.week_start, unit="day") == rows.weekday - 1)
                & rows.weekday.between(1, 7)
            ),
        ),
        Rule(
            "week_has_a_number",
            "iso_week is 1 to 53, and iso_year at most a year away from that of the date",
            ("date", "iso_year", "iso_week"),
            lambda rows: (
                rows.iso_week.between(1, 53) & (rows.iso_year - rows.date.year().cast("int64")).between(-1, 1)
            ),
        ),
        Rule(
            "month_lies_in_its_quarter",
            "quarter_start <= month_start <= date",
            ("date", "month_start", "quarter_start"),
            lambda rows: (rows.quarter_start <= rows.month_start) & (rows.month_start <= rows.date),
        ),
    ),
)

DIMENSION_TABLES = (
    *(DIM_COMPANY, DIM_JOB, DIM_CANDIDATE, DIM_USER),
    *(DIM_CAMPAIGN, DIM_JOB_GROUP, DIM_PUBLISHER, DIM_DATE),
)
"""In the order in which they are built."""
