"""A folder as docs/use-the-data.md has it: the published copy in data/, with Parquet files beside it."""

import shutil
from pathlib import Path

import duckdb

HOLD_BACK = """
insert into job_matching_gold.held_back
select max(event_date), 'silver', 'quarantine_share', now(), 'too many lines are quarantined'
from job_matching_gold.funnel_daily;
"""


def published_folder(published: Path, folder: Path) -> Path:
    """Copy what was published to data/ in the folder; the newest date of the copy is held back there."""
    data = folder / "data"
    shutil.copytree(published.parent / "gold", data / "gold")
    copy = Path(shutil.copy(published, data / "gold.duckdb"))
    with duckdb.connect(str(copy)) as connection:
        connection.execute(HOLD_BACK)
    return folder
