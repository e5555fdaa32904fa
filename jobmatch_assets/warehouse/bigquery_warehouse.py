"""The warehouse port on BigQuery: loads into bronze, the file ledger, the rebuild queue."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from jobmatch_assets.contracts.bronze import (
    ACCEPTED_QUARANTINE,
    ACCEPTED_QUARANTINE_COLUMNS,
    BRONZE_SCHEMA,
    EVENTS_RAW,
    FAILING_CHECKS,
    FAILING_CHECKS_COLUMNS,
    FILES,
    GOLD_SCHEMA,
    PARTITION_COLUMNS,
    REBUILD_QUEUE,
    REBUILD_QUEUE_COLUMNS,
    SILVER_SCHEMA,
)
from jobmatch_assets.contracts.vocabulary import DIMENSIONS
from jobmatch_assets.warehouse.bigquery_client import BigQueryClient, records
from jobmatch_assets.warehouse.bigquery_load import BigQueryLoad
from jobmatch_assets.warehouse.bigquery_replace import replace_rows
from jobmatch_assets.warehouse.bigquery_tables import BRONZE_TABLES
from jobmatch_assets.warehouse.bigquery_touched_dates import queue_touched_dates
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

if TYPE_CHECKING:
    import ibis

_QUEUED_COLUMNS = tuple(column for column in REBUILD_QUEUE_COLUMNS if column.name != "layer")
_DAYS_SHOWN = 7


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
        """Make datasets and bronze tables where they are missing."""
        from google.api_core.exceptions import NotFound
        from google.cloud.bigquery import Dataset

        client = self._client
        names = {table.name for table in BRONZE_TABLES}
        with client.explained():
            try:
                found = {item.table_id for item in client.api.list_tables(BRONZE_SCHEMA, retry=client.retry)}
            except NotFound:
                found = set()
            if names <= found:
                return
            for schema in (BRONZE_SCHEMA, SILVER_SCHEMA, GOLD_SCHEMA):
                dataset = Dataset(f"{client.project}.{schema}")
                dataset.location = client.location
                client.api.create_dataset(dataset, exists_ok=True, retry=client.retry)
            for table in BRONZE_TABLES:
                client.api.create_table(table.made(client.project), exists_ok=True, retry=client.retry)

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

    def queued(self, layer: QueuedLayer) -> list[QueuedDate]:
        """What waits, by date."""
        rows = self._client.rows(
            f"select distinct event_date, cause_date, request_id from {BRONZE_SCHEMA}.{REBUILD_QUEUE} "
            "where layer = @layer order by event_date, cause_date, request_id",
            layer=layer,
        )
        return [QueuedDate(*row) for row in rows]

    def finish_build(self, layer: BuiltLayer, built: Sequence[QueuedDate]) -> None:
        """Take these entries off the queue; nothing waits for publication, since readers see the tables."""
        if not built:
            return
        self._client.query(
            f"delete from {BRONZE_SCHEMA}.{REBUILD_QUEUE} as queue where queue.layer = @layer and exists ("
            "select 1 from unnest(@built) as entry where entry.event_date = queue.event_date "
            "and entry.cause_date = queue.cause_date and entry.request_id = queue.request_id)",
            records("built", [asdict(entry) for entry in built], _QUEUED_COLUMNS),
            layer=layer,
        )

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

    def last_event_date(self) -> dt.date | None:
        """The last date that a valid line has.

        No line has a date later than the day after its file's. So the last files are looked at first, and
        earlier ones only as long as these may hold a later date than what was found.
        """
        ((last_file_day,),) = self._client.rows(
            f"select max(dt) from {BRONZE_SCHEMA}.{FILES} where outcome = 'loaded' and lines > 0"
        )
        if last_file_day is None:
            return None
        reach = 1
        while True:
            first = max(last_file_day - dt.timedelta(days=reach), self._partitions_start)
            ((found,),) = self._client.rows(
                f"select max(event_date) from {SILVER_SCHEMA}.stg_events "
                "where reason is null and _source_dt >= @first",
                first=first,
            )
            if first == self._partitions_start or (found is not None and found >= first):
                return cast("dt.date | None", found)
            reach *= 4

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

    def preview(
        self, table: str, first: dt.date | None, last: dt.date | None, totals_only: bool, most: int
    ) -> list[dict[str, Any]]:
        """Rows of a silver or gold table in the order of its columns."""
        tables = self._tables(SILVER_SCHEMA) | self._tables(GOLD_SCHEMA)
        if table not in tables:
            raise WarehouseError(
                f"There is no table {table} in {self._client.project}. "
                f"There are: {', '.join(sorted(tables)) or 'none'}. `jobmatch run` builds them."
            )
        place = f"{tables[table]}.{table}"
        date_column = PARTITION_COLUMNS.get(table, "event_date")
        if first is None or last is None:
            last = self._last_partition(place, date_column)
            if last is None:
                return []
            first = last - dt.timedelta(days=_DAYS_SHOWN - 1)
        with self._client.explained():
            found = self._client.api.get_table(f"{self._client.project}.{place}", retry=self._client.retry)
        names = [field.name for field in found.schema]
        conditions = [f"{date_column} between @first and @last"]
        groups = [name for name in names if name in DIMENSIONS and totals_only]
        if groups:
            ((*has_totals,),) = self._client.rows(
                f"select {', '.join(f'''countif({name} = '__all__') > 0''' for name in groups)} "
                f"from {place} where {conditions[0]}",
                first=first,
                last=last,
            )
            conditions += [f"{name} = '__all__'" for name, has in zip(groups, has_totals, strict=True) if has]
        sortable = [field.name for field in found.schema if field.field_type != "RECORD"]
        rows = self._client.rows(
            f"select * from {place} where {' and '.join(conditions)} "
            f"order by {', '.join(sortable)} limit {most:d}",
            first=first,
            last=last,
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

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

    def _last_partition(self, place: str, date_column: str) -> dt.date | None:
        ((last,),) = self._client.rows(
            f"select max({date_column}) from {place} where {date_column} >= @start",
            start=self._partitions_start,
        )
        return cast("dt.date | None", last)
