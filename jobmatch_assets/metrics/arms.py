"""The arms of experiments: the warehouse's sums, read exactly, and what they say about a metric.

Sums are kept as Python integers, which have no largest value, up to the last division. The variance
of a sum is the small difference of large numbers; in floats it would lose most of its digits, or
come out below 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_assets.metrics.ab_schema import METRICS, SUM_COLUMNS, SUM_KEY, Metric

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.object_]  # of Python integers
Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Arms:
    """Sums per as_of_date, experiment and variant.

    Attributes:
        as_of_dates: The date of each arm.
        experiment_ids: Its experiment.
        variants: Its variant.
        sums: Column name to one integer per arm, for the integer columns of `SUM_COLUMNS`.
    """

    as_of_dates: Sequence[date]
    experiment_ids: Sequence[str]
    variants: Sequence[str]
    sums: dict[str, Integers]


def read_arms(sums: "pd.DataFrame") -> Arms:
    """Take the arms out of the warehouse's sums.

    Args:
        sums: One row per as_of_date, experiment_id and variant, with the columns of `SUM_COLUMNS`.
            Integers may come as any type that holds them (int64, Decimal, float without fraction).

    Returns:
        The arms, in the order of the rows.

    Raises:
        ValueError: If a column is missing, a value is missing or not a whole number of 0 or more,
            or two rows are of the same arm.
    """
    missing = [column.name for column in SUM_COLUMNS if column.name not in sums.columns]
    if missing:
        raise ValueError(f"The cumulative sums lack the columns {', '.join(missing)}.")
    # pandas takes texts that differ behind a NUL for equal.
    if len({*zip(*(sums[name] for name in SUM_KEY), strict=True)}) < len(sums):
        raise ValueError(f"The cumulative sums have several rows for one {', '.join(SUM_KEY)}.")
    if sums[list(SUM_KEY)].isna().any(axis=None):
        raise ValueError(f"The cumulative sums have rows without {' or '.join(SUM_KEY)}.")
    dates = pa.array(sums["as_of_date"], type=pa.date32(), from_pandas=True)
    return Arms(
        as_of_dates=dates.to_pylist(),
        experiment_ids=sums["experiment_id"].tolist(),
        variants=sums["variant"].tolist(),
        sums={
            column.name: _whole_numbers(column.name, sums[column.name].tolist())
            for column in SUM_COLUMNS
            if column.type == "integer"
        },
    )


def _whole_numbers(column: str, values: Sequence[object]) -> Integers:
    numbers = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        numbers[row] = _whole_number(value)
        if numbers[row] is None:
            raise ValueError(
                f"The cumulative sums have {value!r} in {column}, row {row}; "
                "it must be a whole number of 0 or more."
            )
    return numbers


def _whole_number(value: Any) -> int | None:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number == value and number >= 0 else None


def arm_values(arms: Arms) -> Floats:
    """Return each arm's value of each metric, Σx / Σy.

    Returns:
        Arms by `METRICS`; NaN where the denominator is 0.
    """
    return np.column_stack(
        [_quotients(arms.sums[metric.numerator], arms.sums[metric.denominator]) for metric in METRICS]
    )


def arm_variances(arms: Arms) -> Floats:
    """Return the sample variance of each arm's unit-level values of each metric.

    For a ratio r = Σx / Σy, it is the variance of the linearised value (x - r·y) / mean(y), the
    delta method of Deng, Knoblich & Lu (2018), "Applying the Delta Method in Metric Analytics",
    section 3. Its mean is 0, so that over n units the variance is

        Σ(x - r·y)² / (n - 1) / (Σy / n)²
            = n² · ((Σy)²·Σx² - 2·Σx·Σy·Σxy + (Σx)²·Σy²) / ((n - 1) · (Σy)⁴),

    a quotient of integers. With y = 1 it is the usual sample variance.

    Returns:
        Arms by `METRICS`, never below 0; NaN where the denominator is 0 or there are fewer than two
        units.
    """
    return np.column_stack([_variances(arms, metric) for metric in METRICS])


def _variances(arms: Arms, metric: Metric) -> Floats:
    n = arms.sums["units"]
    x, y = arms.sums[metric.numerator], arms.sums[metric.denominator]
    xx, yy = arms.sums[metric.numerator_squares], arms.sums[metric.denominator_squares]
    xy = arms.sums[metric.products]
    squares = y * y * xx - 2 * x * y * xy + x * x * yy
    return _quotients(n * n * squares, (n - 1) * y**4)


def _quotients(numerators: Integers, denominators: Integers) -> Floats:
    """Divide integers, correctly rounded (as Python does); NaN where the denominator is 0."""
    quotients = np.full(len(numerators), np.nan)
    divisible = denominators > 0
    quotients[divisible] = numerators[divisible] / denominators[divisible]
    return quotients
