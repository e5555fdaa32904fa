"""What checks found, by partition, until a later look finds something else; and what somebody accepted."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace

from jobmatch_assets.contracts.control_tables import ACCEPTED_QUARANTINE, FAILING_CHECKS
from jobmatch_assets.contracts.keys import CheckKey
from jobmatch_assets.warehouse.port import Warehouse


@dataclass(frozen=True)
class FailingCheck:
    """A partition that fails a check.

    Attributes:
        stage: The stage that was done when it was found.
        asset: The table, as layer/table.
        check_name: The check.
        partition_date: The partition.
        is_blocking: Whether nothing may be built from it.
        description: What is wrong.
        since: When it was found first; None where that is not known.
    """

    stage: str
    asset: str
    check_name: str
    partition_date: dt.date
    is_blocking: bool
    description: str
    since: dt.datetime | None = None

    @property
    def key(self) -> dict[str, object]:
        """What tells it from others."""
        return {name: getattr(self, name) for name in ("asset", "check_name", "partition_date")}


@dataclass(frozen=True)
class AcceptedQuarantine:
    """A date that is built with so many quarantined lines, and who said so."""

    partition_date: dt.date
    quarantined_lines: int
    lines: int
    accepted_by: str
    accepted_at: dt.datetime


class Findings:
    """What is known of the partitions of a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def failing_checks(self) -> list[FailingCheck]:
        """Every partition that fails a check, by asset, check and date."""
        found = [FailingCheck(**row) for row in self._warehouse.records(FAILING_CHECKS)]
        return sorted(found, key=lambda check: (check.asset, check.check_name, check.partition_date))

    def note(
        self,
        checks: Collection[CheckKey],
        dates: Collection[dt.date],
        failing: Sequence[FailingCheck],
        now: dt.datetime | None = None,
    ) -> None:
        """Note what a look at these partitions found, in the place of what was found before.

        Args:
            checks: What was looked at.
            dates: The partitions.
            failing: Those that fail; what failed before keeps the time since when it does.
            now: The time of the look; the clock's where it is not given.
        """
        known = [
            check
            for check in self.failing_checks()
            if check.partition_date in dates
            and (check.asset, check.check_name) in {(str(key.table), key.name) for key in checks}
        ]
        now = now or dt.datetime.now(dt.UTC)
        before = {tuple(check.key.values()): check.since for check in known}
        found = [replace(check, since=before.get(tuple(check.key.values()), now)) for check in failing]
        if set(known) != set(found):
            self._warehouse.change(
                FAILING_CHECKS,
                remove=[check.key for check in known],
                add=[asdict(check) for check in found],
            )

    def accepted_quarantine(self) -> list[AcceptedQuarantine]:
        """What was accepted, by date, the most lines of a date last."""
        return [AcceptedQuarantine(**row) for row in self._warehouse.records(ACCEPTED_QUARANTINE)]

    def accept_quarantine(self, accepted: Sequence[AcceptedQuarantine]) -> None:
        """Keep that these dates were accepted, beside what was accepted before."""
        if accepted:
            self._warehouse.change(ACCEPTED_QUARANTINE, add=[asdict(date) for date in accepted])
