"""The warehouse port on BigQuery: loads into bronze, the file ledger, the rebuild queue."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jobmatch_assets.contracts.bronze import (
    ACCEPTED_QUARANTINE,
    ACCEPTED_QUARANTINE_COLUMNS,
    BRONZE_SCHEMA,
    EVENTS_RAW,
    EXPERIMENTS_COMPARED,
    EXPERIMENTS_COMPARED_COLUMNS,
    FAILING_CHECKS,
    FAILING_CHECKS_COLUMNS,
    FILES,
    GOLD_SCHEMA,
    LAYOUT,
    LAYOUT_IN_FORCE,
    PARTITION_COLUMNS,
    REBUILD_QUEUE,
    REBUILD_QUEUE_COLUMNS,
    SILVER_SCHEMA,
    STAGING_DATE,
    USED_SETTINGS,
    USED_SETTINGS_COLUMNS,
)
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient, records
from jobmatch_assets.warehouse.bigquery.load import BigQueryLoad
from jobmatch_assets.warehouse.bigquery.preview import preview
from jobmatch_assets.warehouse.bigquery.replace import replace_rows
from jobmatch_assets.warehouse.bigquery.tables import BRONZE_TABLES, add_columns, refuse_other_layouts
from jobmatch_assets.warehouse.bigquery.touched_dates import forget_staged, keep_staged, queue_touched_dates
from jobmatch_assets.warehouse.layout import installed_version
from jobmatch_assets.warehouse.port import (
    AcceptedQuarantine,
    BuiltLayer,
    FailingCheck,
    FileRecord,
    LoadTransaction,
    QueuedDate,
    QueuedLayer,
    WarehouseError,
)
from jobmatch_assets.warehouse.selection import Preview, Selection

if TYPE_CHECKING:
    import ibis

_QUEUED_COLUMNS = tuple(column for column in REBUILD_QUEUE_COLUMNS if column.name != "layer")
_SEEN_FIRST = ("ab_cumulative_sums", "events", "events_duplicates", "events_quarantine")


class BigQueryWarehouse:
    """All tables in three datasets of a Google Cloud project."""

    def __init__(self, client: BigQueryClient, partitions_start: dt.date, dedup_window_days: int) -> None:
        self._client = client
        self._partitions_start = partitions_start
        self._dedup_window_days = dedup_window_days

    @contextmanager
    def exclusive(self, wait: bool = True) -> Iterator[None]:  # noqa: ARG002
        """Keeps nobody out: statements are atomic, loads are sent once, and BigQuery has room for many."""
        yield

    def prepare(self) -> None:
        """Make datasets and bronze tables where they are missing, in a warehouse that this version knows."""
        from google.cloud.bigquery import Dataset

        client = self._client
        names = {table.name for table in BRONZE_TABLES}
        with client.explained():
            found = self._tables_of_bronze()
            layouts = refuse_other_layouts(client, found)
            if names <= found and LAYOUT_IN_FORCE in layouts:
                return
            for schema in (BRONZE_SCHEMA, SILVER_SCHEMA, GOLD_SCHEMA):
                dataset = Dataset(f"{client.project}.{schema}")
                dataset.location = client.location
                client.api.create_dataset(dataset, exists_ok=True, retry=client.retry)
            for table in BRONZE_TABLES:
                if table.name in found:
                    # A version that adds a column adds a table or a layout, too, or nobody would look.
                    add_columns(client, table)
                else:
                    client.api.create_table(table.made(client.project), exists_ok=True, retry=client.retry)
        if found and EXPERIMENTS_COMPARED not in found:
            self._note_earlier_results()
        if LAYOUT_IN_FORCE not in layouts:
            client.query(
                f"insert into {BRONZE_SCHEMA}.{LAYOUT} (layout, made_by, made_at) "
                "select @layout, @version, current_timestamp()",
                layout=LAYOUT_IN_FORCE,
                version=installed_version(),
            )

    def _tables_of_bronze(self) -> set[str]:
        from google.api_core.exceptions import NotFound

        client = self._client
        try:
            return {item.table_id for item in client.api.list_tables(BRONZE_SCHEMA, retry=client.retry)}
        except NotFound:
            return set()

    def _note_earlier_results(self) -> None:
        """Results of an earlier version: with what they were computed is not known."""
        if "ab_cumulative_sums" in self._tables(GOLD_SCHEMA):
            self._client.query(
                f"insert into {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED} (experiment_id) "
                f"select distinct experiment_id from {GOLD_SCHEMA}.ab_cumulative_sums "
                "where as_of_date >= @start",
                start=self._partitions_start,
            )

    def charge(self, asset: str, dates: Collection[dt.date]) -> None:
        """Label the jobs from now on with a table, or a layer, and dates."""
        self._client.account.charge(asset, dates)

    def charged(self) -> dict[str, float]:
        """What the jobs since the last `charge` cost."""
        return self._client.account.charged()

    def known_files(self, days: Collection[dt.date]) -> list[FileRecord]:
        """The ledger's entries for files of these days."""
        if not days:
            return []
        rows = self._client.rows(
            "select source_file, sha256, dt, fingerprint, outcome, same_as, lines, bytes, load_id "
            f"from {BRONZE_SCHEMA}.{FILES} where dt in unnest(@days)",
            days=sorted(days),
        )
        return [FileRecord(*row) for row in rows]

    @contextmanager
    def load(self) -> Iterator[LoadTransaction]:
        """Files that become visible when the ledger names them, which is the last that happens."""
        yield BigQueryLoad(self._client)

    def unstaged_days(self) -> list[dt.date]:
        """Days with loaded files whose lines are not staged yet."""
        rows = self._client.rows(
            f"select distinct dt from {BRONZE_SCHEMA}.{FILES} "
            "where not staged and outcome = 'loaded' order by dt"
        )
        return [day for (day,) in rows]

    def keep_staged(self, days: Collection[dt.date]) -> None:
        """Keep what is staged of these days, and mark their files as not staged."""
        if not days or not self.has_table("silver", "stg_events"):
            return
        ordered = sorted(days)
        keep_staged(self._client, ordered)
        self._client.query(
            f"update {BRONZE_SCHEMA}.{FILES} set staged = false "
            "where staged and outcome = 'loaded' and dt in unnest(@days)",
            days=ordered,
        )

    def queue_staged(self, days: Collection[dt.date]) -> None:
        """Queue every date that the not yet staged files of these days touch, and mark them as staged.

        Who is stopped between the two queues the same entries again; that they are there twice says no more
        than once.
        """
        if not days:
            return
        ordered = sorted(days)
        queue_touched_dates(self._client, ordered, self._partitions_start, self._dedup_window_days)
        self._client.query(
            f"update {BRONZE_SCHEMA}.{FILES} set staged = true where not staged and dt in unnest(@days)",
            days=ordered,
        )
        forget_staged(self._client, ordered)

    def queued(self, layer: QueuedLayer) -> list[QueuedDate]:
        """What waits, by date."""
        rows = self._client.rows(
            "select distinct event_date, cause_date, request_id, experiment_id "
            f"from {BRONZE_SCHEMA}.{REBUILD_QUEUE} where layer = @layer "
            "order by event_date, cause_date, request_id, experiment_id",
            layer=layer,
        )
        return [QueuedDate(*row) for row in rows]

    def finish_build(
        self, layer: BuiltLayer, built: Sequence[QueuedDate], rest: Sequence[QueuedDate] = ()
    ) -> None:
        """Take these entries off the queue; nothing waits for publication, since readers see the tables.

        The rest comes first: who is stopped in between has both, which says no more than the rest.
        """
        self._queue(layer, rest)
        if not built:
            return
        self._client.query(
            f"delete from {BRONZE_SCHEMA}.{REBUILD_QUEUE} as queue where queue.layer = @layer and exists ("
            "select 1 from unnest(@built) as entry where entry.event_date = queue.event_date "
            "and entry.cause_date = queue.cause_date and entry.request_id = queue.request_id "
            "and coalesce(entry.experiment_id, '') = coalesce(queue.experiment_id, ''))",
            records("built", [asdict(entry) for entry in built], _QUEUED_COLUMNS),
            layer=layer,
        )

    def _queue(self, layer: BuiltLayer, entries: Sequence[QueuedDate]) -> None:
        if entries:
            names = ", ".join(column.name for column in _QUEUED_COLUMNS)
            self._client.query(
                f"insert into {BRONZE_SCHEMA}.{REBUILD_QUEUE} (layer, {names}) "
                f"select @layer, {', '.join(f'item.{column.name}' for column in _QUEUED_COLUMNS)} "
                "from unnest(@entries) as item",
                records("entries", [asdict(entry) for entry in entries], _QUEUED_COLUMNS),
                layer=layer,
            )

    def withdraw_rows(self, first: dt.date, queued: Mapping[BuiltLayer, Sequence[QueuedDate]]) -> None:
        """Put entries on the queue and delete every row of silver and gold, but of staging, from a date on.

        Who is stopped in between does both again.
        """
        for layer, entries in queued.items():
            self._queue(layer, entries)
        # Sums and events come last: by their rows the next run sees that there is something left to do.
        tables = self._tables(SILVER_SCHEMA) | self._tables(GOLD_SCHEMA)
        for table in sorted(tables, key=lambda name: (name in _SEEN_FIRST, name)):
            date_column = PARTITION_COLUMNS.get(table, "event_date")
            if date_column != STAGING_DATE:
                self._client.query(
                    f"delete from {tables[table]}.{table} where {date_column} >= @first", first=first
                )

    def used_settings(self, layer: str) -> dict[dt.date, dict[str, str]]:
        """The settings that each partition of a layer was built with."""
        used: dict[dt.date, dict[str, str]] = {}
        query = f"select partition_date, setting, value from {BRONZE_SCHEMA}.{USED_SETTINGS}"
        for date, setting, value in self._client.rows(f"{query} where layer = @layer", layer=layer):
            used.setdefault(date, {})[setting] = value
        return used

    def note_settings(self, layer: str, dates: Collection[dt.date], values: Mapping[str, str]) -> None:
        """Note the settings that partitions of a layer were built with, with one statement."""
        if not dates or not values:
            return
        names = ", ".join(column.name for column in USED_SETTINGS_COLUMNS)
        rows = [
            {"layer": layer, "partition_date": date, "setting": setting, "value": value}
            for date in sorted(dates)
            for setting, value in values.items()
        ]
        self._client.query(
            f"merge into {BRONZE_SCHEMA}.{USED_SETTINGS} as kept using ("
            f"select {', '.join(f'item.{column.name}' for column in USED_SETTINGS_COLUMNS)} "
            "from unnest(@used) as item) "
            "as used on false when not matched by source and kept.layer = @layer "
            "and kept.partition_date in unnest(@dates) then delete "
            f"when not matched then insert ({names}) values ({names})",
            records("used", rows, USED_SETTINGS_COLUMNS),
            layer=layer,
            dates=sorted(dates),
        )

    def loaded_files(self) -> dict[str, int]:
        """{name of every file that was loaded: its size in bytes}."""
        return dict(
            self._client.rows(
                "select source_file, array_agg(bytes order by ingested_at desc limit 1)[offset(0)] "
                f"from {BRONZE_SCHEMA}.{FILES} where outcome = 'loaded' group by source_file"
            )
        )

    def experiments_compared(self) -> dict[str, str | None]:
        """The registry's entry that each experiment was computed with."""
        return dict(
            self._client.rows(f"select experiment_id, registered from {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED}")
        )

    def note_compared(self, registered: Mapping[str, str]) -> None:
        """Note the registry's entries that results were computed with, with one statement."""
        if not registered:
            return
        rows = [{"experiment_id": name, "registered": entry} for name, entry in registered.items()]
        self._client.query(
            f"merge into {BRONZE_SCHEMA}.{EXPERIMENTS_COMPARED} as kept using ("
            "select item.experiment_id, item.registered from unnest(@compared) as item"
            ") as found on kept.experiment_id = found.experiment_id "
            "when matched then update set registered = found.registered "
            "when not matched then insert (experiment_id, registered) "
            "values (found.experiment_id, found.registered)",
            records("compared", rows, EXPERIMENTS_COMPARED_COLUMNS),
        )

    def dates_of_experiments(
        self, layer: str, table: str, first: dt.date, last: dt.date, experiments: Collection[str] | None
    ) -> dict[str, set[dt.date]]:
        """{experiment: partition dates on which a table has rows of it}."""
        if not self.has_table(layer, table):
            return {}
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        query = (
            f"select distinct experiment_id, {date_column} from job_matching_{layer}.{table} "
            f"where {date_column} between @first and @last"
        )
        if experiments:
            query += " and experiment_id in unnest(@experiments)"
        given = {"experiments": sorted(experiments)} if experiments else {}
        dates: dict[str, set[dt.date]] = {}
        for experiment, date in self._client.rows(query, first=first, last=last, **given):
            dates.setdefault(experiment, set()).add(date)
        return dates

    def failing_checks(self) -> list[FailingCheck]:
        """Every partition that fails a check."""
        rows = self._client.rows(
            "select layer, asset, check_name, partition_date, is_blocking, description "
            f"from {BRONZE_SCHEMA}.{FAILING_CHECKS} order by asset, check_name, partition_date"
        )
        return [FailingCheck(*row) for row in rows]

    def finish_checks(
        self,
        checks: Collection[tuple[str, str]],
        dates: Collection[dt.date],
        failing: Sequence[FailingCheck],
    ) -> None:
        """Note what a look at these partitions found, with one statement."""
        if not checks or not dates:
            return
        columns = [column.name for column in FAILING_CHECKS_COLUMNS]
        names = ", ".join(columns)
        self._client.query(
            f"merge into {BRONZE_SCHEMA}.{FAILING_CHECKS} as kept using ("
            f"select {', '.join(f'item.{name}' for name in columns)} from unnest(@failing) as item"
            ") as found on false "
            "when not matched by source and kept.partition_date in unnest(@dates) "
            "and concat(kept.asset, ' ', kept.check_name) in unnest(@checks) then delete "
            f"when not matched then insert ({names}) values ({names})",
            records("failing", [asdict(check) for check in failing], FAILING_CHECKS_COLUMNS),
            dates=sorted(dates),
            checks=[f"{asset} {name}" for asset, name in sorted(checks)],
        )

    def accepted_quarantine(self) -> list[AcceptedQuarantine]:
        """What was accepted, by date, the most lines of a date last."""
        rows = self._client.rows(
            "select partition_date, quarantined_lines, lines, accepted_by, accepted_at "
            f"from {BRONZE_SCHEMA}.{ACCEPTED_QUARANTINE} "
            "order by partition_date, quarantined_lines, lines, accepted_by, accepted_at"
        )
        return [AcceptedQuarantine(*row) for row in rows]

    def accept_quarantine(self, accepted: Sequence[AcceptedQuarantine]) -> None:
        """Keep that these dates were accepted."""
        if not accepted:
            return
        names = [column.name for column in ACCEPTED_QUARANTINE_COLUMNS]
        self._client.query(
            f"insert into {BRONZE_SCHEMA}.{ACCEPTED_QUARANTINE} ({', '.join(names)}) "
            f"select {', '.join(f'item.{name}' for name in names)} from unnest(@accepted) as item",
            records("accepted", [asdict(date) for date in accepted], ACCEPTED_QUARANTINE_COLUMNS),
        )

    def publish(self) -> bool:
        """Nothing to do: a build disturbs no reader."""
        return False

    def loaded_lines(self, events_raw: "ibis.Table", days: Collection[dt.date]) -> "ibis.Table":
        """The lines of loads that the ledger names, from the partitions with files of these days."""
        import ibis

        rows = self._client.rows(
            "select distinct load_id, date(ingested_at) "
            f"from {BRONZE_SCHEMA}.{FILES} where outcome = 'loaded' and dt in unnest(@days)",
            days=sorted(days),
        )
        partitions = [
            events_raw.ingested_at.between(
                ibis.timestamp(f"{day}T00:00:00Z"), ibis.timestamp(f"{day}T23:59:59.999999Z")
            )
            for day in sorted({day for _, day in rows})
        ]
        # Without a load the ledger names no partition; BigQuery wants one all the same.
        partitions = partitions or [events_raw.ingested_at < ibis.timestamp("1970-01-01T00:00:00Z")]
        loads = events_raw["_load_id"].isin(sorted({load_id for load_id, _ in rows}))
        return events_raw.filter(ibis.or_(*partitions) & loads)

    @contextmanager
    def ibis(self) -> Iterator["ibis.BaseBackend"]:
        """The tables as Ibis expressions."""
        with self._client.ibis() as backend:
            yield backend

    def has_table(self, layer: str, table: str) -> bool:
        """Whether a table of the layer's dataset is there."""
        return table in self._tables(f"job_matching_{layer}")

    def rows(self, layer: str, table: str, first: dt.date, last: dt.date) -> pa.Table:
        """All rows of a small table of these dates."""
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        job = self._client.query(
            f"select * from job_matching_{layer}.{table} where {date_column} between @first and @last",
            first=first,
            last=last,
        )
        with self._client.explained():
            return job.to_arrow(create_bqstorage_client=False)

    def replace_rows(self, layer: str, table: str, first: dt.date, last: dt.date, rows: pa.Table) -> None:
        """Put `rows` in the place of all rows of these dates."""
        replace_rows(
            self._client, f"job_matching_{layer}.{table}", PARTITION_COLUMNS[table], first, last, rows
        )

    def dates_with_rows(self, first: dt.date, last: dt.date) -> set[dt.date]:
        """Dates of a range on which staged lines, or rows of daily tables, lie."""
        queries = []
        for table, schema in (self._tables(SILVER_SCHEMA) | self._tables(GOLD_SCHEMA)).items():
            partition_column = PARTITION_COLUMNS.get(table, "event_date")
            if schema == GOLD_SCHEMA and partition_column != "event_date":
                continue
            # A file holds no date later than the day after its own.
            first_partition = "@first" if partition_column == "event_date" else "@first_file_day"
            queries.append(
                f"select event_date from {schema}.{table} "
                f"where event_date between @first and @last and {partition_column} >= {first_partition}"
            )
        if not queries:
            return set()
        rows = self._client.rows(
            f"select distinct event_date from ({' union all '.join(queries)})",
            first=first,
            last=last,
            first_file_day=first - dt.timedelta(days=1),
        )
        return {date for (date,) in rows}

    def list_dates(self, dates: Collection[dt.date]) -> set[dt.date]:
        """These dates, and every other that an event of one of their result lists lies on."""
        found = self._client.rows(
            f"""
            select distinct event_date from {SILVER_SCHEMA}.stg_search_dates
            where _source_dt >= @start and search_id in (
                select search_id from {SILVER_SCHEMA}.stg_search_dates
                where event_date in unnest(@dates) and _source_dt >= @first_file_day
            )
            """,
            dates=sorted(dates),
            # A file holds no date later than the day after its own.
            start=self._partitions_start - dt.timedelta(days=1),
            first_file_day=min(dates) - dt.timedelta(days=1),
        )
        return set(dates) | {date for (date,) in found}

    def rows_by_date(self, layer: str, table: str, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of a table by its partition date."""
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        place, rows = f"job_matching_{layer}.{table}", "count(*)"
        condition = f"{date_column} between @first and @last"
        if table == EVENTS_RAW:
            # The ledger decides which lines count, and knows how many there are.
            date_column, place, rows = "dt", f"{BRONZE_SCHEMA}.{FILES}", "sum(lines)"
            condition = "dt between @first and @last and lines > 0"
        return dict(
            self._client.rows(
                f"select {date_column}, {rows} from {place} where {condition} group by {date_column}",
                first=first,
                last=last,
            )
        )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Looks without a trace: queries leave none."""
        with self._client.explained():
            refuse_other_layouts(self._client, self._tables_of_bronze())
        yield

    def preview(self, selection: Selection) -> Preview:
        """Rows of a silver or gold table, newest date first."""
        tables = self._tables(SILVER_SCHEMA) | self._tables(GOLD_SCHEMA)
        if selection.table not in tables:
            names = ", ".join(sorted(tables))
            raise WarehouseError(
                f"There is no table {selection.table} in {self._client.project}. "
                + (f"There are: {names}." if names else "Nothing was built yet: `jobmatch run` does.")
            )
        return preview(self._client, tables[selection.table], selection, self._partitions_start)

    def gold_rows_by_date(self, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Rows of all gold tables together, by date."""
        total: Counter[dt.date] = Counter()
        for table in self._tables(GOLD_SCHEMA):
            total.update(self.rows_by_date("gold", table, first, last))
        return dict(total)

    def query(self, query: str, most: int) -> list[dict[str, Any]]:
        """The first rows of a query of our own."""
        job = self._client.query(f"select * from ({query}) limit {most:d}")
        with self._client.explained():
            return [dict(row.items()) for row in job.result(retry=self._client.retry)]

    def _tables(self, schema: str) -> dict[str, str]:
        """{table of a dataset: the dataset}."""
        with self._client.explained():
            listed = self._client.api.list_tables(schema, retry=self._client.retry)
            return {item.table_id: schema for item in listed}
