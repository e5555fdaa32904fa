"""What BigQuery gives becomes what the other engine has."""

from decimal import Decimal

import pyarrow as pa
import pytest

from jobmatch_assets.contracts.column import TYPES
from jobmatch_assets.warehouse.bigquery.arrow import in_common_types


def test_decimals_have_six_digits_after_the_point() -> None:
    given = pa.table({"amount": pa.array([Decimal("0.45"), None], pa.decimal128(38, 9))})
    found = in_common_types(given)
    assert str(found.schema.field("amount").type) == "decimal128(18, 6)"
    assert TYPES["decimal"].duckdb == "decimal(18, 6)"
    assert found.to_pylist() == [{"amount": Decimal("0.450000")}, {"amount": None}]


def test_no_digit_of_a_decimal_gets_lost() -> None:
    given = pa.table({"amount": pa.array([Decimal("0.0000001")], pa.decimal128(38, 9))})
    with pytest.raises(pa.ArrowInvalid):
        in_common_types(given)


def test_lists_without_elements_are_null() -> None:
    lists = {
        "texts": pa.array([["a", "b"], [], None]),
        "places": pa.array(
            [[{"city": "Graz"}], [], None], pa.list_(pa.struct([pa.field("city", pa.string())]))
        ),
    }
    assert in_common_types(pa.table(lists)).to_pydict() == {
        "texts": [["a", "b"], None, None],
        "places": [[{"city": "Graz"}], None, None],
    }


def test_other_columns_stay_as_they_are() -> None:
    given = pa.table({"name": ["x", None], "count": [1, 2], "share": [0.5, None]})
    assert in_common_types(given).equals(given)
