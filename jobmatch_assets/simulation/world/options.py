"""How the world is delivered, and what is planted in it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from jobmatch_assets.simulation.scenario import ScenarioError
from jobmatch_assets.simulation.world.fates import Hazards

DELIVERIES = ("cdc", "upserts", "dumps", "csv")


def _knob(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class WorldOptions:
    """All parameters of a world beside those of the scenario; the same values give the same bytes."""

    delivery: str
    orphan_rate: float = _knob(0.02, "Share of jobs, candidates and placements that never arrive.")
    overspend_rate: float = _knob(0.15, "Share of campaigns that spend more than their budget.")
    credit_note_rate: float = _knob(0.08, "Share of invoices that a credit note follows.")
    late_row_rate: float = _knob(0.05, "Share of changes in upserts that land days later.")
    record_repeat_rate: float = _knob(0.02, "Share of changes in cdc and upserts that are sent again.")
    fill_rate: float = _knob(
        0.0,
        "Chance of a live job to be filled, on each of its days. With it or --close-rate, all jobs go live "
        "within the days, and end by these chances and by nothing else that happens to a job.",
    )
    close_rate: float = _knob(0.0, "Chance of a live job to be closed unfilled, likewise.")
    truncated_dump: bool = _knob(False, "Cut the dump of jobs of the last day; with --entities dumps.")

    def __post_init__(self) -> None:
        """Refuse what cannot be made.

        Raises:
            ScenarioError: With the name of the parameter and its limits.
        """
        if self.delivery not in DELIVERIES:
            raise ScenarioError(f"entities must be one of {', '.join(DELIVERIES)}, got {self.delivery!r}")
        for name, value in vars(self).items():
            if name.endswith("_rate") and not 0 <= value <= 1:
                raise ScenarioError(f"{name} must be between 0 and 1, got {value}")
        if self.fill_rate + self.close_rate > 1:
            raise ScenarioError(
                "fill_rate and close_rate must add up to 1 at most, got "
                f"{self.fill_rate} and {self.close_rate}"
            )
        if self.truncated_dump and self.delivery != "dumps":
            raise ScenarioError("a truncated dump needs entities delivered as dumps")

    @property
    def hazards(self) -> Hazards:
        """What ends the jobs, if it is planted."""
        return Hazards(self.fill_rate, self.close_rate)

    def as_planted(self) -> dict[str, Any]:
        """The part of truth.json about them; without what makes no difference, as in worlds of before."""
        options = asdict(self)
        if not self.hazards:
            del options["fill_rate"], options["close_rate"]
        return options
