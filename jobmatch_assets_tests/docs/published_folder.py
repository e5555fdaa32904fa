"""A folder as docs/use-the-data.md has it: the published copy in data/, with Parquet files beside it."""

import shutil
from pathlib import Path

import duckdb

WITH_PUBLICATION = """
create table if not exists publication as
select
    now() as published_at,
    'run' as run_id,
    min(event_date) as first_date,
    max(event_date) as last_date,
    max(event_date)::timestamptz as newest_event_ts,
    max(event_date) - 2 as complete_through
from funnel_daily;
create table if not exists held_back (
    event_date date, stage varchar, check_name varchar, since timestamptz, message varchar
);
insert into held_back
select max(event_date), 'silver', 'quarantine_share', now(), 'too many lines are quarantined' from funnel_daily;
"""


def published_folder(published: Path, folder: Path) -> Path:
    """Copy a published copy to data/ in the folder, with a date that is held back, and write its tables as Parquet."""
    data = folder / "data"
    (data / "gold").mkdir(parents=True)
    copy = Path(shutil.copy(published, data / "gold.duckdb"))
    with duckdb.connect(str(copy)) as connection:
        connection.execute("use job_matching_gold")
        connection.execute(WITH_PUBLICATION)
        for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            connection.execute(f"copy {table} to '{data}/gold/{table}.parquet'")
    return folder
