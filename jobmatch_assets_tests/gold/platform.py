"""A platform in a folder of its own: events in, tables out, through the real pipeline."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from jobmatch_assets.dates import DateRange
from jobmatch_assets.definitions import build_definitions
from jobmatch_assets.orchestration.command_runs import materialize, process
from jobmatch_assets.orchestration.run_report import RunReport
from jobmatch_assets.settings import Settings

GOLDEN = Path(__file__).parents[1] / "golden"

GOLD_TABLES = (
    "funnel_daily",
    "ranking_metrics_daily",
    "ranking_position_daily",
    "search_quality_daily",
    "ab_metrics_daily",
    "ab_cumulative_sums",
    "ab_results",
)
DATE_COLUMNS = {"ab_cumulative_sums": "as_of_date", "ab_results": "as_of_date"}

Row = dict[str, Any]


class Built:
    """Landing folder, warehouse and settings of one platform.

    Attributes:
        path: The DuckDB file.
        registry: The experiment registry that its runs read.
    """

    def __init__(
        self,
        folder: Path,
        instance: dg.DagsterInstance,
        landing: Path | None = None,
        registry: Path | None = None,
    ) -> None:
        self.landing = landing or folder / "landing"
        self.path = folder / "warehouse.duckdb"
        self.registry = registry or folder / "experiments.csv"
        self.instance = instance
        self.settings = Settings.from_environment(
            {
                "JOBMATCH_LANDING": str(self.landing),
                "JOBMATCH_DUCKDB_PATH": str(self.path),
                "JOBMATCH_EXPERIMENTS": str(self.registry),
            }
        )

    @cached_property
    def definitions(self) -> dg.Definitions:
        return build_definitions(self.settings)

    def land(self, name: str, events: Iterable[Mapping[str, Any]]) -> None:
        """Write an events file."""
        path = self.landing / "events" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")

    def register(self, *rows: str) -> None:
        """Write the experiment registry."""
        self.registry.write_text("\n".join(["experiment_id,control_variant,weights", *rows]) + "\n")

    def run(self, forced: DateRange | None = None) -> RunReport:
        """Load and build; everything must go well."""
        report = self.try_run(forced)
        assert report.problems == [], report.problems
        return report

    def try_run(self, forced: DateRange | None = None) -> RunReport:
        """What `jobmatch run` does."""
        return process(lambda: self.definitions, self.instance, forced)

    def run_selected(self, selection: str, dates: DateRange) -> RunReport:
        return materialize(lambda: self.definitions, self.instance, selection, dates)

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """The rows of a query, as {column: value}."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            cursor = connection.execute(sql, list(parameters))
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(sql, list(parameters))

    def results(self, as_of_date: dt.date | None = None) -> dict[tuple[str, str, str], Row]:
        """ab_results by experiment, variant and metric, as of a date or each experiment's last."""
        rows = self.rows(
            "select * from job_matching_gold.ab_results "
            "qualify as_of_date = coalesce(?, max(as_of_date) over (partition by experiment_id))",
            as_of_date,
        )
        return {(row["experiment_id"], row["variant"], row["metric"]): row for row in rows}

    def gold_by_date(self, tables: Sequence[str] = GOLD_TABLES) -> dict[tuple[str, str], str]:
        """A hash of the rows of each gold table and date."""
        hashes = {}
        for table in tables:
            by_date = defaultdict(list)
            for row in self.rows(f"select * from job_matching_gold.{table}"):
                by_date[str(row[DATE_COLUMNS.get(table, "event_date")])].append(repr(row))
            hashes |= {
                (table, date): hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()
                for date, rows in by_date.items()
            }
        return hashes

    def queued(self) -> list[tuple[str, str]]:
        """What waits to be built: (layer, date)."""
        rows = self.rows(
            "select distinct layer, event_date from job_matching_bronze.rebuild_queue order by all"
        )
        return [(row["layer"], str(row["event_date"])) for row in rows]


def event(name: str, user: str, at: str, **fields: Any) -> dict[str, Any]:
    """A valid version 2 event; `at` is a time without its offset."""
    return {
        "event_id": f"{user}-{name}-{at}-{fields.get('job_id')}",
        "schema_version": 2,
        "event_name": name,
        "user_id": user,
        "event_ts": f"{at}Z",
        **fields,
    }


def stamped(*pairs: tuple[str, str]) -> dict[str, Any]:
    """The field of the experiments that an event is in, from (experiment, variant)."""
    return {"experiments": [{"experiment_id": e, "variant": v} for e, v in pairs]}
