"""The rows of `ab_results`: what every experiment says, as of every date."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from jobmatch_assets.metrics.ab_schema import AB_RESULTS_COLUMNS, METRICS
from jobmatch_assets.metrics.arms import (
    Arms,
    Floats,
    Rows,
    arm_values,
    arm_variances,
    read_arms,
)
from jobmatch_assets.metrics.comparison import Comparison, Sample, compare
from jobmatch_assets.metrics.experiment_registry import Experiment, experiment_of
from jobmatch_assets.metrics.multiple_testing import adjust_p_values
from jobmatch_assets.metrics.sample_ratio import sample_ratio_p_values

if TYPE_CHECKING:
    import pandas as pd

MAX_MULTIPLE_VARIANT_PERCENT = 1
SRM_ALPHA = 0.001
MIN_UNITS_PER_ARM = 100

_ARROW_TYPES = {
    "date": pa.date32(),
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
}
AB_RESULTS_SCHEMA = pa.schema(
    [
        pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable)
        for column in AB_RESULTS_COLUMNS
    ]
)


def compute_ab_results(sums: "pd.DataFrame", registry: Mapping[str, Experiment]) -> pa.Table:
    """Compare every variant with its control, by every metric, as of every date.

    Args:
        sums: One row per as_of_date, experiment_id and variant, for every date from the
            experiment's first to its last event and every variant seen by then, with the columns of
            `ab_schema.SUM_COLUMNS`. Sums run over all dates up to as_of_date and over the units
            that have shown no other variant; a variant that has no such unit has units = 0.
        registry: Experiments by id; those it lacks have the default control and equal weights.

    Returns:
        One row per as_of_date, experiment_id, variant (not the control) and metric, in this order,
        with the columns of `ab_schema.AB_RESULTS_COLUMNS`. A value that does not exist is null;
        NaN and infinity do not occur. An experiment whose status is not `ok` has no effects.

    Raises:
        ValueError: If the sums are not as described.
    """
    arms = read_arms(sums)
    treatment, control = _pairs(arms, registry)
    has_control = control >= 0

    units = arms.sums["units"]
    units_control = np.where(has_control, units[control], 0)
    units_treatment = units[treatment]
    multiple_variant_units = arms.sums["multiple_variant_units"][treatment]
    srm_p_value = _sample_ratio_p_values(arms, registry)[treatment]
    status = _first_that_applies(
        {
            "no_control": ~has_control,
            "invalid_multiple_variants": 100 * multiple_variant_units
            > MAX_MULTIPLE_VARIANT_PERCENT * arms.sums["experiment_units"][treatment],
            "invalid_srm": srm_p_value < SRM_ALPHA,
            "insufficient": np.minimum(units_control, units_treatment) < MIN_UNITS_PER_ARM,
        },
        default="ok",
    )

    values = arm_values(arms)
    ok = status == "ok"
    comparison = _compare(arms, values, control[ok], treatment[ok])
    per_pair = {
        "as_of_date": np.array(arms.as_of_dates, dtype=object)[treatment],
        "experiment_id": np.array(arms.experiment_ids, dtype=object)[treatment],
        "variant": np.array(arms.variants, dtype=object)[treatment],
        "status": status,
        "units_control": units_control,
        "units_treatment": units_treatment,
        "multiple_variant_units": multiple_variant_units,
        "srm_p_value": srm_p_value,
    }
    per_metric = {
        "value_control": np.where(has_control[:, None], values[control], np.nan),
        "value_treatment": values[treatment],
        "adjusted_p_value": _spread(adjust_p_values(comparison.p_value), ok),
    } | {field.name: _spread(getattr(comparison, field.name), ok) for field in fields(Comparison)}
    return _table(
        {name: np.repeat(column, len(METRICS)) for name, column in per_pair.items()}
        | {"metric": np.tile([metric.name for metric in METRICS], len(treatment))}
        | {name: column.ravel() for name, column in per_metric.items()}
    )


def _pairs(arms: Arms, registry: Mapping[str, Experiment]) -> tuple[Rows, Rows]:
    """Return the rows of the treatment arms, in the order of results, and of their controls.

    A control that was not seen by then has the row -1.
    """
    keys = list(zip(arms.as_of_dates, arms.experiment_ids, arms.variants, strict=True))
    row_of = {key: row for row, key in enumerate(keys)}
    treatments, controls = [], []
    for as_of_date, experiment_id, variant in sorted(keys):
        control = experiment_of(registry, experiment_id).control_variant
        if variant != control:
            treatments.append(row_of[as_of_date, experiment_id, variant])
            controls.append(row_of.get((as_of_date, experiment_id, control), -1))
    return np.array(treatments, dtype=np.intp), np.array(controls, dtype=np.intp)


def _sample_ratio_p_values(arms: Arms, registry: Mapping[str, Experiment]) -> Floats:
    """Return for each arm the p-value of its experiment's split as of its date."""
    units_of: dict[tuple[object, str], dict[str, int]] = defaultdict(dict)
    keys = list(zip(arms.as_of_dates, arms.experiment_ids, strict=True))
    for key, variant, units in zip(keys, arms.variants, arms.sums["units"], strict=True):
        units_of[key][variant] = units
    p_values = sample_ratio_p_values(
        [
            (units, experiment_of(registry, experiment_id).weights)
            for (_, experiment_id), units in units_of.items()
        ]
    )
    p_value_of = dict(zip(units_of, p_values, strict=True))
    return np.array([p_value_of[key] for key in keys], dtype=float)


def _first_that_applies(conditions: Mapping[str, NDArray[Any]], default: str) -> NDArray[np.object_]:
    """Return for each element the name of its first condition that is true."""
    # Comparisons of Python integers give arrays of objects.
    truths = [condition.astype(bool) for condition in conditions.values()]
    return np.select(truths, list(conditions), default=default).astype(object)


def _compare(arms: Arms, values: Floats, control: Rows, treatment: Rows) -> Comparison:
    """Compare pairs of arms, given by their rows; the numbers are pairs by metrics."""
    variances = arm_variances(arms)
    units = arms.sums["units"].astype(float)[:, None]
    return compare(
        control=Sample(values[control], variances[control], units[control]),
        treatment=Sample(values[treatment], variances[treatment], units[treatment]),
    )


def _spread(numbers: Floats, where: NDArray[np.bool_]) -> Floats:
    """Lay rows out over the places where they belong, NaN in between."""
    spread = np.full((len(where), *numbers.shape[1:]), np.nan)
    spread[where] = numbers
    return spread


def _table(columns: Mapping[str, NDArray[Any]]) -> pa.Table:
    """Lay the columns out as `AB_RESULTS_SCHEMA`, null where there is no value (NaN)."""
    return pa.Table.from_arrays(
        [pa.array(columns[field.name], type=field.type, from_pandas=True) for field in AB_RESULTS_SCHEMA],
        schema=AB_RESULTS_SCHEMA,
    )
