"""What goes into and what comes out of the A/B statistics, as data.

Nothing heavy is imported here, so that contracts, checks and documentation can be made from it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of an experiment: the mean of a unit's value, or a ratio of two such means.

    All fields but `name` and `description` name columns of `SUM_COLUMNS`. A mean is the ratio
    whose denominator is 1 for every unit: its sum, and the sum of its squares, is `units`.

    Attributes:
        name: The metric, as `ab_results.metric` has it.
        description: What it says about the product.
        numerator: Σx over the arm's units.
        denominator: Σy.
        numerator_squares: Σx².
        products: Σxy.
        denominator_squares: Σy².
    """

    name: str
    description: str
    numerator: str
    denominator: str
    numerator_squares: str
    products: str
    denominator_squares: str

    @property
    def kind(self) -> Literal["mean", "ratio of means"]:
        """Which of the two the metric is."""
        return "mean" if self.denominator == "units" else "ratio of means"


def _mean(name: str, description: str, total: str, squares: str) -> Metric:
    return Metric(name, description, total, "units", squares, total, "units")


METRICS = (
    Metric(
        "ctr",
        "clicks per impression",
        numerator="sum_c",
        denominator="sum_i",
        numerator_squares="sum_cc",
        products="sum_ic",
        denominator_squares="sum_ii",
    ),
    _mean("clicks_per_user", "clicks per unit", "sum_c", "sum_cc"),
    _mean("applies_per_user", "applies per unit", "sum_a", "sum_aa"),
    # Of a value that is 0 or 1, the sum of squares is the sum.
    _mean("apply_user_rate", "share of units with an apply", "sum_u", "sum_u"),
    Metric(
        "apply_per_click",
        "applies per click",
        numerator="sum_a",
        denominator="sum_c",
        numerator_squares="sum_aa",
        products="sum_ca",
        denominator_squares="sum_cc",
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name.
        type: Its type, in words that every engine has: date, string, integer (64 bit), float.
        description: Its meaning, in one line.
        unit: What it is measured in; empty for keys and labels.
        null_means: What NULL says; empty if the column is never NULL.
    """

    name: str
    type: Literal["date", "string", "integer", "float"]
    description: str
    unit: str = ""
    null_means: str = ""

    @property
    def nullable(self) -> bool:
        """Whether the column may be NULL."""
        return bool(self.null_means)


SUM_KEY = ("as_of_date", "experiment_id", "variant")
SUM_COLUMNS = (
    Column("as_of_date", "date", "Events of this UTC date and before are in the sums"),
    Column("experiment_id", "string", "The experiment"),
    Column("variant", "string", "A variant that some unit has shown by as_of_date"),
    Column("units", "integer", "Units that have shown this variant and no other", "units"),
    Column("sum_i", "integer", "Σ i: impressions of these units", "events"),
    Column("sum_c", "integer", "Σ c: their clicks", "events"),
    Column("sum_a", "integer", "Σ a: their applies", "events"),
    Column("sum_u", "integer", "Σ [a > 0]: those of them with an apply", "units"),
    Column("sum_ii", "integer", "Σ i² over the units", "events²"),
    Column("sum_cc", "integer", "Σ c² over the units", "events²"),
    Column("sum_aa", "integer", "Σ a² over the units", "events²"),
    Column("sum_ic", "integer", "Σ i·c over the units", "events²"),
    Column("sum_ca", "integer", "Σ c·a over the units", "events²"),
    Column("experiment_units", "integer", "All units of the experiment by as_of_date", "units"),
    Column(
        "multiple_variant_units",
        "integer",
        "Units of the experiment that have shown more than one variant by as_of_date",
        "units",
    ),
)

_NO_VALUE = "the arm has no units, or the denominator is 0"
_NOT_OK = "status is not ok, or an arm has no value"
_NO_TEST = "status is not ok, or the standard error is 0 or has no value"
_NO_RATIO = f"{_NO_TEST}, or a value is 0"
_METRIC_UNIT = "unit of the metric"

AB_RESULTS_KEY = ("as_of_date", "experiment_id", "variant", "metric")
AB_RESULTS_COLUMNS = (
    Column("as_of_date", "date", "Results of all events of this UTC date and before"),
    Column("experiment_id", "string", "The experiment"),
    Column("variant", "string", "The treatment variant, compared with the control"),
    Column("metric", "string", f"One of {', '.join(metric.name for metric in METRICS)}"),
    Column(
        "status",
        "string",
        "no_control, invalid_multiple_variants, invalid_srm, insufficient or ok",
    ),
    Column("units_control", "integer", "Units that have shown the control only", "units"),
    Column("units_treatment", "integer", "Units that have shown this variant only", "units"),
    Column(
        "multiple_variant_units",
        "integer",
        "Units of the experiment left out because they have shown more than one variant",
        "units",
    ),
    Column("value_control", "float", "The metric in the control", _METRIC_UNIT, _NO_VALUE),
    Column("value_treatment", "float", "The metric in the variant", _METRIC_UNIT, _NO_VALUE),
    Column("effect", "float", "value_treatment - value_control", _METRIC_UNIT, _NOT_OK),
    Column(
        "relative_effect",
        "float",
        "effect / value_control",
        "share of value_control",
        f"{_NOT_OK}, or value_control is 0",
    ),
    Column(
        "relative_ci_low",
        "float",
        "Lower end of the 95 % interval of relative_effect, for one look; the control's own error counts",
        "share of value_control",
        _NO_RATIO,
    ),
    Column(
        "relative_ci_high",
        "float",
        "Upper end of the 95 % interval of relative_effect, for one look; the control's own error counts",
        "share of value_control",
        _NO_RATIO,
    ),
    Column(
        "std_error",
        "float",
        "Standard error of the effect, with users as the units of analysis",
        _METRIC_UNIT,
        _NOT_OK,
    ),
    Column("ci_low", "float", "Lower end of the 95 % interval, for one look", _METRIC_UNIT, _NO_TEST),
    Column("ci_high", "float", "Upper end of the 95 % interval, for one look", _METRIC_UNIT, _NO_TEST),
    Column("p_value", "float", "Two-sided p-value of no effect, for one look", "", _NO_TEST),
    Column(
        "seq_ci_low",
        "float",
        "Lower end of the 95 % interval that holds however often one looks",
        _METRIC_UNIT,
        _NO_TEST,
    ),
    Column(
        "seq_ci_high",
        "float",
        "Upper end of the 95 % interval that holds however often one looks",
        _METRIC_UNIT,
        _NO_TEST,
    ),
    Column(
        "srm_p_value",
        "float",
        "p-value of the units per variant against the registered weights, over the variants that have one "
        "above 0",
        "",
        "fewer than two such variants, or one whose expected units are fewer than 5",
    ),
    Column(
        "adjusted_p_value",
        "float",
        "p_value adjusted for looking at several metrics (Benjamini-Hochberg)",
        "",
        _NO_TEST,
    ),
)
