"""What was planted: the counts and parameters that a platform's results are checked against."""

import csv
import dataclasses
import datetime as dt
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from jobmatch_assets.simulation.arrays import Bools
from jobmatch_assets.simulation.arrival import Arrival
from jobmatch_assets.simulation.events import EVENT_NAMES, Events
from jobmatch_assets.simulation.scenario import Experiment, Scenario, Variant
from jobmatch_assets.simulation.sessions import Sessions
from jobmatch_assets.simulation.users import Users

_MEANING = {
    "lines.events": "Distinct valid event_ids by event_name: the rows of the silver table.",
    "lines.late": "Events by the days between their date and the file that they landed in.",
    "lines.repeated": "Byte-identical copies beyond the first.",
    "lines.corrected": "Copies with the same event_id, a later ingested_at and another source.",
    "lines.broken": "Lines to be quarantined, by reason.",
    "lines.not_landed": "Lines that would have landed after the last day; they are not written.",
    "broken_by_date": "Lines to be quarantined, by partition and reason.",
    "click_lift": "Relative change of the click probability of an impression that is examined. "
    "Lists and examination do not depend on variants and no probability is cut off at 1, so "
    "clicks per impression (ctr) change by exactly this factor in expectation.",
    "apply_lift": "Relative change of the probability to apply, given a click on a job or a visit "
    "to its page from elsewhere; clicks do not depend on it.",
    "expected_relative_effect": "Of the ratio of the arms' expected values, by metric of "
    "ab_results; null where a lift moves the metric by another factor than 1 + lift.",
    "units": "Users by the one variant that their written lines are stamped with; "
    "multiple_variant_units saw more than one.",
}


@dataclass
class Truth:
    """Everything that is known about a generation; grows with days only by a few counts.

    Attributes:
        scenario: The parameters.
        events: Written events by name, copies not counted.
        late: Written events by days of lateness.
        repeated: Byte-identical copies.
        corrected: Copies with a later ingested_at.
        not_landed: Lines that are not written because they land after the last day.
        broken: Broken lines by day and reason.
        lines_by_day: All lines by the day of their file.
        bytes_written: Size of all lines before compression.
    """

    scenario: Scenario
    events: Counter[str] = field(default_factory=Counter)
    late: Counter[int] = field(default_factory=Counter)
    repeated: int = 0
    corrected: int = 0
    not_landed: int = 0
    broken: dict[dt.date, Counter[str]] = field(default_factory=dict)
    lines_by_day: Counter[dt.date] = field(default_factory=Counter)
    bytes_written: int = 0

    def __post_init__(self) -> None:
        """Nobody has been seen in any variant yet; a bit stands for a variant."""
        shape = (len(self.scenario.experiments), self.scenario.users)
        self._seen = np.zeros(shape, dtype=np.uint8)

    @property
    def lines(self) -> int:
        """Number of lines in all files."""
        return self.lines_by_day.total()

    def count_lines(self, day: dt.date, lines: int, size: int) -> None:
        """Add lines of so many bytes to the files of a day."""
        self.lines_by_day[day] += lines
        self.bytes_written += size

    def count_events(self, events: Events, arrival: Arrival, landed: Bools) -> None:
        """Add the events of a block whose first line has landed."""
        names = np.bincount(events.name[landed], minlength=len(EVENT_NAMES)).tolist()
        self.events.update({n: c for n, c in zip(EVENT_NAMES, names, strict=True) if c})
        lateness = np.bincount(arrival.late[landed]).tolist()
        self.late.update({days: c for days, c in enumerate(lateness) if days and c})

    def count_units(self, users: Users, sessions: Sessions, events: Events, landed: Bools) -> None:
        """Add the variants that the users of a block were seen in."""
        opening = events.is_named("session_start")
        for chosen, variant in (
            (landed & opening, sessions.first_variant),
            (landed & ~opening, sessions.variant),
        ):
            seen = np.unique(events.session[chosen])
            for e in range(len(self.scenario.experiments)):
                stamped = seen[sessions.stamped[e, seen]]
                bits = (1 << variant[e, stamped]).astype(np.uint8)
                np.bitwise_or.at(self._seen[e], users.first + sessions.user[stamped], bits)

    def units(self, experiment: int) -> tuple[dict[str, int], int]:
        """Units by variant, and the number of units that were seen in several."""
        seen = self._seen[experiment]
        variants = self.scenario.experiments[experiment].variants
        single = {v.name: int((seen == 1 << n).sum()) for n, v in enumerate(variants)}
        return single, int((seen > 0).sum()) - sum(single.values())

    def as_json(self) -> str:
        """The text of truth.json."""
        options = dataclasses.asdict(self.scenario) | {"start": self.scenario.start.isoformat()}
        del options["experiments"]
        broken: Counter[str] = sum(self.broken.values(), Counter())
        document = {
            "options": options,
            "lines": {
                "total": self.lines,
                "events": dict(sorted(self.events.items())),
                "late": {str(days): n for days, n in sorted(self.late.items())},
                "repeated": self.repeated,
                "corrected": self.corrected,
                "broken": dict(sorted(broken.items())),
                "not_landed": self.not_landed,
            },
            "lines_by_day": {str(day): n for day, n in sorted(self.lines_by_day.items())},
            "broken_by_date": {str(day): dict(sorted(n.items())) for day, n in sorted(self.broken.items())},
            "experiments": [self._experiment(n, e) for n, e in enumerate(self.scenario.experiments)],
            "meaning": _MEANING,
        }
        return json.dumps(document, indent=2) + "\n"

    def _experiment(self, number: int, experiment: Experiment) -> dict[str, Any]:
        units, multiple = self.units(number)
        return {
            "experiment_id": experiment.experiment_id,
            "control_variant": experiment.control.name,
            "multiple_variant_rate": experiment.multiple_variant_rate,
            "multiple_variant_units": multiple,
            "variants": [
                {
                    "variant": variant.name,
                    "registered_weight": variant.weight,
                    "assignment_probability": variant.share,
                    "click_lift": variant.click_lift,
                    "apply_lift": variant.apply_lift,
                    "expected_relative_effect": expected_effects(variant),
                    "units": units[variant.name],
                }
                for variant in experiment.variants
            ],
        }


def expected_effects(variant: Variant) -> dict[str, float | None]:
    """Relative effect against the control by metric, None where it has no closed form.

    More clicks bring more applies, but not in proportion: some users apply without a click.
    """
    per_apply = None if variant.click_lift else variant.apply_lift
    return {
        "ctr": variant.click_lift,
        "clicks_per_user": variant.click_lift,
        "applies_per_user": per_apply,
        "apply_user_rate": None if variant.click_lift or variant.apply_lift else 0.0,
        "apply_per_click": per_apply,
    }


def registry(experiments: tuple[Experiment, ...]) -> str:
    """The text of experiments.csv: what was promised, which is not always what was done."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["experiment_id", "control_variant", "weights", "owner", "description"])
    for experiment in experiments:
        weights = ";".join(f"{v.name}={v.weight}" for v in experiment.variants)
        writer.writerow(
            [
                experiment.experiment_id,
                experiment.control.name,
                weights,
                experiment.owner,
                experiment.description,
            ]
        )
    return text.getvalue()
