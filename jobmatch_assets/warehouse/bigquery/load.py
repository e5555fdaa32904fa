"""Taking files into bronze on BigQuery: their lines with one load job, then their entries in the ledger.

No transaction spans a load job and a statement. So the ledger decides: lines whose load it does not name
count nowhere (see the macro `is_committed`), and entering a load makes all of its lines visible at once.

Line numbers: a load job reads a file in parallel pieces and keeps no order, so BigQuery itself could not
tell the number of a line. The platform therefore reads each file once, in order, numbers its lines, and
sends the rows as Parquet, each with file and number. What that costs: the bytes of a file pass through the
machine that runs the step (read from the bucket, hashed, split, written as zstd Parquet to its disk, sent),
and a load is as fast as that one process, where a load job on the objects themselves would cost it nothing.
In return a line is kept byte by byte, whatever it holds, and a file that breaks in the middle loads
nothing.
"""

import datetime as dt
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import IO

import pyarrow as pa

from jobmatch_assets.contracts.control_tables import FILES
from jobmatch_assets.contracts.feed import Feed
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.warehouse.bigquery.client import BigQueryClient, records
from jobmatch_assets.warehouse.bigquery.load_job import load_parquet
from jobmatch_assets.warehouse.control.ledger import FileRecord

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_INGESTED_AT = "ingested_at"
_RECORD_COLUMNS = tuple(column for column in FILES.columns if column.name not in ("ingested_at", "staged"))


class BigQueryLoad:
    """Files on their way into bronze."""

    def __init__(self, client: BigQueryClient, feed: Feed) -> None:
        self._client = client
        self._feed = feed
        self._lines_ingested_at: dt.datetime | None = None

    def add_lines(self, lines: pa.RecordBatchReader, load_id: str, ingested_at: dt.datetime) -> None:
        """Append lines with one load job; where it was sent before, its lines are in and stay as they are."""
        with tempfile.TemporaryFile(prefix="jobmatch-") as parquet:
            _write_parquet(lines, load_id, ingested_at, parquet)
            labels = load_parquet(
                self._client,
                parquet,
                f"{BRONZE_SCHEMA}.{self._feed.raw.name}",
                load_id,
                {_INGESTED_AT: str((ingested_at - _EPOCH) // _MICROSECOND)},
            )
        self._lines_ingested_at = _EPOCH + int(labels[_INGESTED_AT]) * _MICROSECOND

    def add_files(self, new: Sequence[FileRecord], ingested_at: dt.datetime) -> None:
        """Note files in the ledger, where it does not hold them yet, with the time that their lines have."""
        if not new:
            return
        names = [column.name for column in _RECORD_COLUMNS]
        self._client.query(
            f"insert into {BRONZE_SCHEMA}.{FILES.name} ({', '.join(names)}, ingested_at, staged) "
            f"select {', '.join(f'file.{name}' for name in names)}, @ingested_at, file.outcome <> 'loaded' "
            "from unnest(@files) as file "
            f"where not exists (select 1 from {BRONZE_SCHEMA}.{FILES.name} as known "
            "where known.feed = file.feed and known.dt = file.dt and known.source_file = file.source_file "
            "and known.sha256 = file.sha256)",
            records("files", [asdict(record) for record in new], _RECORD_COLUMNS),
            ingested_at=self._lines_ingested_at or ingested_at,
        )

    def renew_fingerprints(self, touched: Sequence[FileRecord]) -> None:
        """Note that known files were touched without a change of their content."""
        if not touched:
            return
        self._client.query(
            f"update {BRONZE_SCHEMA}.{FILES.name} as known set fingerprint = file.fingerprint "
            "from unnest(@files) as file "
            "where known.feed = file.feed and known.dt = file.dt and known.source_file = file.source_file "
            "and known.sha256 = file.sha256",
            records("files", [asdict(record) for record in touched], _RECORD_COLUMNS),
        )


def _write_parquet(
    lines: pa.RecordBatchReader, load_id: str, ingested_at: dt.datetime, file: IO[bytes]
) -> None:
    """Write lines as Parquet, batch by batch. They are numbered: no order is asked of the load job."""
    import pyarrow.parquet as pq

    added = (
        (pa.field("_load_id", pa.string(), nullable=False), load_id),
        (pa.field("ingested_at", pa.timestamp("us", "UTC"), nullable=False), ingested_at),
    )
    schema = pa.schema([*lines.schema, *(field for field, _ in added)])
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in lines:
            columns = [pa.repeat(pa.scalar(value, field.type), batch.num_rows) for field, value in added]
            writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema))
    file.seek(0)
