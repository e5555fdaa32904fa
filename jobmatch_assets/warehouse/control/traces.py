"""With what tables were built: settings by partition, and the registry's entries of experiments."""

import datetime as dt
from collections.abc import Collection, Mapping

from jobmatch_assets.contracts.control_tables import EXPERIMENTS_COMPARED, USED_SETTINGS
from jobmatch_assets.warehouse.port import Warehouse


class Traces:
    """What builds have left in a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse

    def used_settings(self, stage: str) -> dict[dt.date, dict[str, str]]:
        """{partition of a stage: {setting: the value that it was built with}}."""
        used: dict[dt.date, dict[str, str]] = {}
        for row in self._warehouse.records(USED_SETTINGS, stage=stage):
            used.setdefault(row["partition_date"], {})[row["setting"]] = row["value"]
        return used

    def note_settings(self, stage: str, dates: Collection[dt.date], values: Mapping[str, str]) -> None:
        """Note the settings that partitions of a stage were built with, in the place of earlier ones."""
        if not dates or not values:
            return
        self._warehouse.change(
            USED_SETTINGS,
            where={"stage": stage, "partition_date": dates},
            add=[
                {"stage": stage, "partition_date": date, "setting": setting, "value": value}
                for date in sorted(dates)
                for setting, value in values.items()
            ],
        )

    def experiments_compared(self) -> dict[str, str | None]:
        """{experiment: its entry of the registry when its results were computed; None: not known}."""
        rows = self._warehouse.records(EXPERIMENTS_COMPARED)
        return {row["experiment_id"]: row["registered"] for row in rows}

    def note_compared(self, registered: Mapping[str, str]) -> None:
        """Note the registry's entries that the results of these experiments were computed with."""
        if registered:
            self._warehouse.change(
                EXPERIMENTS_COMPARED,
                where={"experiment_id": list(registered)},
                add=[{"experiment_id": name, "registered": entry} for name, entry in registered.items()],
            )
