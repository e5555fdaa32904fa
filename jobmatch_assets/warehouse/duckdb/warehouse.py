"""The warehouse port on DuckDB: loads into bronze, the file ledger, the rebuild queue."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from jobmatch_assets.contracts.bronze import (
    ACCEPTED_QUARANTINE,
    BRONZE_SCHEMA,
    FAILING_CHECKS,
    FILES,
    GOLD_SCHEMA,
    PARTITION_COLUMNS,
    REBUILD_QUEUE,
    SILVER_SCHEMA,
    STAGING_DATE,
)
from jobmatch_assets.warehouse.duckdb import control
from jobmatch_assets.warehouse.duckdb.file import open_file
from jobmatch_assets.warehouse.duckdb.load import DuckDBLoad
from jobmatch_assets.warehouse.duckdb.preview import preview
from jobmatch_assets.warehouse.duckdb.publication import check_published_path, publish_gold
from jobmatch_assets.warehouse.duckdb.touched_dates import (
    CHANGED_LINES,
    KEEP_STAGED,
    NEW_LINES,
    STAGED_BEFORE,
    TOUCHED_DATES,
)
from jobmatch_assets.warehouse.duckdb.turns import turn
from jobmatch_assets.warehouse.port import (
    AcceptedQuarantine,
    BuiltLayer,
    FailingCheck,
    FileRecord,
    LoadTransaction,
    QueuedDate,
    QueuedLayer,
    WarehouseError,
    request_of,
)
from jobmatch_assets.warehouse.selection import Preview, Selection

if TYPE_CHECKING:
    import ibis


class DuckDBWarehouse:
    """All tables in one DuckDB file.

    Attributes:
        path: The file.
    """

    def __init__(
        self,
        path: Path,
        published_path: Path,
        lock_timeout: float,
        dedup_window_days: int,
        run_id: str = "",
    ) -> None:
        # DuckDB names its catalog after the file that a link leads to, and dbt after the link.
        self.path = path.resolve()
        self._published_path = published_path
        self._lock_timeout = lock_timeout
        self._dedup_window_days = dedup_window_days
        self._run_id = run_id
        self._read_only = False

    @contextmanager
    def exclusive(self, wait: bool = True) -> Iterator[None]:
        """Keeps other processes out.

        The file stays open meanwhile, for all connections of this thread and for dbt's: nobody comes in
        between, nothing in here waits, and to open it anew takes most of a short visit.
        """
        with turn(self.path, wait, self._run_id), open_file(self.path, self._lock_timeout, wait):
            yield

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A short-lived connection.

        Raises:
            WarehouseError: The file cannot be opened, or another process keeps it.
        """
        with open_file(self.path, self._lock_timeout, read_only=self._read_only) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Looks without a trace."""
        self._read_only = True
        try:
            with open_file(self.path, self._lock_timeout, wait=False, read_only=True) as connection:
                control.refuse_other_layouts(connection, self.path)
                yield
        finally:
            self._read_only = False

    def prepare(self) -> None:
        """Make schemas and bronze tables where they are missing, in a warehouse that this version knows."""
        with self.connection() as connection:
            control.refuse_other_layouts(connection, self.path)
            check_published_path(connection, self._published_path, self.path)
            control.make_tables(connection)

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Nobody bills for jobs."""

    def charged(self) -> dict[str, float]:
        """Nothing."""
        return {}

    def known_files(self, days: Collection[dt.date]) -> list[FileRecord]:
        """The ledger's entries for files of these days."""
        with self.connection() as connection:
            rows = connection.execute(
                f"select source_file, sha256, dt, fingerprint, outcome, same_as, lines, bytes, load_id "
                f"from {BRONZE_SCHEMA}.{FILES} where list_contains($days, dt)",
                {"days": list(days)},
            ).fetchall()
        return [FileRecord(*row) for row in rows]

    @contextmanager
    def load(self) -> Iterator[LoadTransaction]:
        """A transaction over bronze."""
        with self.connection() as connection:
            connection.begin()
            try:
                yield DuckDBLoad(connection)
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def unstaged_days(self) -> list[dt.date]:
        """Days with loaded files whose lines are not staged yet."""
        with self.connection() as connection:
            rows = connection.execute(
                f"select distinct dt from {BRONZE_SCHEMA}.{FILES} "
                "where not staged and outcome = 'loaded' order by dt"
            ).fetchall()
        return [day for (day,) in rows]

    def keep_staged(self, days: Collection[dt.date]) -> None:
        """Keep what is staged of these days, and mark their files as not staged, at once."""
        with self.connection() as connection:
            if "stg_events" not in control.columns_of(connection, [SILVER_SCHEMA]):
                return
            connection.begin()
            connection.execute(STAGED_BEFORE)
            connection.execute(KEEP_STAGED, {"days": list(days)})
            connection.execute(
                f"update {BRONZE_SCHEMA}.{FILES} set staged = false "
                "where staged and outcome = 'loaded' and list_contains($days, dt)",
                {"days": list(days)},
            )
            connection.commit()

    def queue_staged(self, days: Collection[dt.date]) -> None:
        """Queue every date that the not yet staged files of these days touch, and mark them as staged."""
        with self.connection() as connection:
            connection.begin()
            connection.execute(STAGED_BEFORE)
            kept = connection.execute(
                f"select 1 from {BRONZE_SCHEMA}.staged_before where list_contains($days, _source_dt) limit 1",
                {"days": list(days)},
            ).fetchall()
            loads = connection.execute(
                f"select distinct load_id from {BRONZE_SCHEMA}.{FILES} "
                "where not staged and outcome = 'loaded' and list_contains($days, dt) order by load_id",
                {"days": list(days)},
            ).fetchall()
            if loads:
                connection.execute(
                    TOUCHED_DATES.format(new_lines=CHANGED_LINES if kept else NEW_LINES),
                    {
                        "days": list(days),
                        "dedup_window_days": self._dedup_window_days,
                        "request_id": request_of([load_id for (load_id,) in loads]),
                    },
                )
            connection.execute(
                f"update {BRONZE_SCHEMA}.{FILES} set staged = true "
                "where not staged and list_contains($days, dt)",
                {"days": list(days)},
            )
            connection.execute(
                f"delete from {BRONZE_SCHEMA}.staged_before where list_contains($days, _source_dt)",
                {"days": list(days)},
            )
            connection.commit()

    def queued(self, layer: QueuedLayer) -> list[QueuedDate]:
        """What waits, by date."""
        with self.connection() as connection:
            # A look without a trace may find the table of an earlier version, with fewer columns.
            cursor = connection.execute(
                "select distinct * exclude (layer) "
                f"from {BRONZE_SCHEMA}.{REBUILD_QUEUE} where layer = $layer order by all",
                {"layer": layer},
            )
            names = [column[0] for column in cursor.description or []]
            return [QueuedDate(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def failing_checks(self) -> list[FailingCheck]:
        """Every partition that fails a check."""
        with self.connection() as connection:
            rows = connection.execute(
                "select layer, asset, check_name, partition_date, is_blocking, description "
                f"from {BRONZE_SCHEMA}.{FAILING_CHECKS} order by asset, check_name, partition_date"
            ).fetchall()
        return [FailingCheck(*row) for row in rows]

    def finish_checks(
        self,
        checks: Collection[tuple[str, str]],
        dates: Collection[dt.date],
        failing: Sequence[FailingCheck],
    ) -> None:
        """Note what a look at these partitions found."""
        with self.connection() as connection:
            connection.begin()
            connection.execute(
                f"delete from {BRONZE_SCHEMA}.{FAILING_CHECKS} where list_contains($dates, partition_date) "
                "and (asset, check_name) in (select unnest($assets::varchar[]), unnest($names::varchar[]))",
                {
                    "dates": list(dates),
                    "assets": [asset for asset, _ in checks],
                    "names": [name for _, name in checks],
                },
            )
            for check in failing:
                connection.execute(
                    f"insert into {BRONZE_SCHEMA}.{FAILING_CHECKS} by name select "
                    "$layer as layer, $asset as asset, $check_name as check_name, "
                    "$partition_date as partition_date, $is_blocking as is_blocking, "
                    "$description as description",
                    asdict(check),
                )
            connection.commit()

    def accepted_quarantine(self) -> list[AcceptedQuarantine]:
        """What was accepted, by date, the most lines of a date last."""
        with self.connection() as connection:
            rows = connection.execute(
                "select partition_date, quarantined_lines, lines, accepted_by, accepted_at "
                f"from {BRONZE_SCHEMA}.{ACCEPTED_QUARANTINE} order by all"
            ).fetchall()
        return [AcceptedQuarantine(*row) for row in rows]

    def accept_quarantine(self, accepted: Sequence[AcceptedQuarantine]) -> None:
        """Keep that these dates were accepted."""
        with self.connection() as connection:
            connection.begin()
            for date in accepted:
                connection.execute(
                    f"insert into {BRONZE_SCHEMA}.{ACCEPTED_QUARANTINE} by name select "
                    "$partition_date as partition_date, $quarantined_lines as quarantined_lines, "
                    "$lines as lines, $accepted_by as accepted_by, $accepted_at as accepted_at",
                    asdict(date),
                )
            connection.commit()

    def finish_build(
        self, layer: BuiltLayer, built: Sequence[QueuedDate], rest: Sequence[QueuedDate] = ()
    ) -> None:
        """Take these entries off the queue, and put the rest on it."""
        with self.connection() as connection:
            connection.begin()
            connection.execute(
                f"delete from {BRONZE_SCHEMA}.{REBUILD_QUEUE} as queue using ({_ENTRIES}) as built "
                "where queue.layer = $layer and queue.event_date = built.event_date "
                "and queue.cause_date = built.cause_date and queue.request_id = built.request_id "
                "and queue.experiment_id is not distinct from built.experiment_id",
                _as_entries(layer, built),
            )
            connection.execute(
                f"insert into {BRONZE_SCHEMA}.{REBUILD_QUEUE} by name {_ENTRIES}", _as_entries(layer, rest)
            )
            if layer != "silver":
                connection.execute(
                    f"insert into {BRONZE_SCHEMA}.{REBUILD_QUEUE} by name "
                    "select 'publication' as layer, $no_date as event_date, $no_date as cause_date, "
                    "$layer as request_id",
                    {"layer": layer, "no_date": dt.date.min},
                )
            connection.commit()

    def withdraw_rows(self, first: dt.date, queued: Mapping[BuiltLayer, Sequence[QueuedDate]]) -> None:
        """Queue entries and delete every row of silver and gold, but of staging, from a date on."""
        with self.connection() as connection:
            connection.begin()
            for layer, entries in queued.items():
                connection.execute(
                    f"insert into {BRONZE_SCHEMA}.{REBUILD_QUEUE} by name {_ENTRIES}",
                    _as_entries(layer, entries),
                )
            for table, (schema, _) in control.columns_of(connection, [SILVER_SCHEMA, GOLD_SCHEMA]).items():
                date_column = PARTITION_COLUMNS.get(table, "event_date")
                if date_column != STAGING_DATE:
                    connection.execute(
                        f"delete from {schema}.{table} where {date_column} >= $first", {"first": first}
                    )
            connection.execute(
                f"insert into {BRONZE_SCHEMA}.{REBUILD_QUEUE} by name {_ENTRIES}",
                _as_entries("publication", [QueuedDate(dt.date.min, dt.date.min, "gold")]),
            )
            connection.commit()

    def used_settings(self, layer: str) -> dict[dt.date, dict[str, str]]:
        """The settings that each partition of a layer was built with."""
        with self.connection() as connection:
            return control.used_settings(connection, layer)

    def note_settings(self, layer: str, dates: Collection[dt.date], values: Mapping[str, str]) -> None:
        """Note the settings that partitions of a layer were built with."""
        with self.connection() as connection:
            control.note_settings(connection, layer, dates, values)

    def loaded_files(self) -> dict[str, int]:
        """{name of every file that was loaded: its size in bytes}."""
        with self.connection() as connection:
            return control.loaded_files(connection)

    def experiments_compared(self) -> dict[str, str | None]:
        """The registry's entry that each experiment was computed with."""
        with self.connection() as connection:
            return control.experiments_compared(connection)

    def note_compared(self, registered: Mapping[str, str]) -> None:
        """Note the registry's entries that results were computed with."""
        with self.connection() as connection:
            control.note_compared(connection, registered)

    def dates_of_experiments(
        self, layer: str, table: str, first: dt.date, last: dt.date, experiments: Collection[str] | None
    ) -> dict[str, set[dt.date]]:
        """{experiment: partition dates on which a table has rows of it}."""
        with self.connection() as connection:
            return control.dates_of_experiments(connection, layer, table, first, last, experiments)

    def publish(self) -> bool:
        """Replace the published copy of gold where a build has changed gold since."""
        with self.connection() as connection:
            check_published_path(connection, self._published_path, self.path)
            waits = connection.execute(
                f"select 1 from {BRONZE_SCHEMA}.{REBUILD_QUEUE} where layer = 'publication' limit 1"
            ).fetchall()
            if not waits and self._published_path.exists():
                return False
            held_back: dict[str, list[dt.date]] = {}
            for check in self.failing_checks():
                layer, _, table = check.asset.partition("/")
                if layer == "gold" and check.is_blocking:
                    held_back.setdefault(table, []).append(check.partition_date)
            publish_gold(connection, self._published_path, held_back)
            connection.execute(f"delete from {BRONZE_SCHEMA}.{REBUILD_QUEUE} where layer = 'publication'")
        return True

    def has_table(self, layer: str, table: str) -> bool:
        """Whether a table of the layer's schema is there."""
        with self.connection() as connection:
            return table in control.columns_of(connection, [f"job_matching_{layer}"])

    def rows(self, layer: str, table: str, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table of these dates."""
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        with self.connection() as connection:
            return connection.execute(
                f"select * from job_matching_{layer}.{table} where {date_column} between $first and $last",
                {"first": first, "last": last},
            ).to_arrow_table()

    def replace_rows(self, layer: str, table: str, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates."""
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        name = f"job_matching_{layer}.{table}"
        with self.connection() as connection:
            connection.register("new_rows", rows)
            connection.begin()
            connection.execute(f"create table if not exists {name} as select * from new_rows limit 0")
            connection.execute(
                f"delete from {name} where {date_column} between $first and $last",
                {"first": first, "last": last},
            )
            connection.execute(f"insert into {name} by name select * from new_rows")
            connection.commit()

    def dates_with_rows(self, first: dt.date, last: dt.date) -> set[dt.date]:
        """Dates of a range on which staged lines, or rows of daily tables, lie."""
        with self.connection() as connection:
            return control.dates_with_rows(connection, first, last)

    def list_dates(self, dates: Collection[dt.date]) -> set[dt.date]:
        """These dates, and every other that an event of one of their result lists lies on."""
        with self.connection() as connection:
            try:
                rows = connection.execute(
                    f"""
                    select distinct event_date from {SILVER_SCHEMA}.stg_search_dates
                    where search_id in (
                        select search_id from {SILVER_SCHEMA}.stg_search_dates
                        where list_contains($dates, event_date)
                    )
                    """,
                    {"dates": list(dates)},
                ).fetchall()
            except duckdb.CatalogException:
                raise WarehouseError(
                    f"{self.path} has no table {SILVER_SCHEMA}.stg_search_dates, in which gold looks its "
                    "result lists up. Build silver/stg_search_dates first, or everything: "
                    "`jobmatch run --from … --to …`."
                ) from None
        return set(dates) | {date for (date,) in rows}

    def rows_by_date(self, layer: str, table: str, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date."""
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        with self.connection() as connection:
            rows = connection.execute(
                f"select {date_column}, count(*) from job_matching_{layer}.{table} "
                f"where {date_column} between $first and $last group by {date_column}",
                {"first": first, "last": last},
            ).fetchall()
        return dict(rows)

    def preview(self, selection: Selection) -> Preview:
        """Rows of a silver or gold table, newest date first."""
        with self.connection() as connection:
            return preview(connection, self.path, selection)

    def gold_rows_by_date(self, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of all gold tables together, by date."""
        with self.connection() as connection:
            tables = connection.execute(
                "select table_name from information_schema.tables where table_schema = $schema",
                {"schema": GOLD_SCHEMA},
            ).fetchall()
        total: Counter[dt.date] = Counter()
        for (table,) in tables:
            total.update(self.rows_by_date("gold", table, first, last))
        return dict(total)

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own."""
        with self.connection() as connection:
            cursor = connection.execute(f"select * from ({query}) limit {most:d}")
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def loaded_lines(self, events_raw: "ibis.Table", days: Collection[dt.date]) -> "ibis.Table":  # noqa: ARG002
        """All of them: lines and their entry in the ledger came in one transaction."""
        return events_raw

    @contextmanager
    def ibis(self) -> Iterator["ibis.BaseBackend"]:
        """The tables as Ibis expressions."""
        import ibis

        with self.connection() as connection:
            yield ibis.duckdb.from_connection(connection)


# Rows of the queue from arrays of their columns.
_ENTRIES = (
    "select $layer as layer, unnest($dates::date[]) as event_date, unnest($causes::date[]) as cause_date, "
    "unnest($requests::varchar[]) as request_id, unnest($experiments::varchar[]) as experiment_id"
)


def _as_entries(layer: QueuedLayer, entries: Sequence[QueuedDate]) -> dict[str, Any]:
    """The parameters of `_ENTRIES`."""
    return {
        "layer": layer,
        "dates": [entry.event_date for entry in entries],
        "causes": [entry.cause_date for entry in entries],
        "requests": [entry.request_id for entry in entries],
        "experiments": [entry.experiment_id for entry in entries],
    }
