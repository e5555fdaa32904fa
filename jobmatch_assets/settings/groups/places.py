"""Settings of places: where lines come from, and where tables live."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.locations import base_dir
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class PlaceSettings:
    """Where lines come from, and where tables live."""

    target: Annotated[
        str,
        Setting(
            "JOBMATCH_TARGET",
            "Where tables live: duckdb (one machine) or bigquery.",
            "duckdb",
            readers.target,
        ),
    ]
    landing: Annotated[
        str,
        Setting(
            "JOBMATCH_LANDING",
            "Landing root, a folder or gs://bucket/prefix; files are looked for below its events/ and "
            "entities/.",
            "data/landing",
            readers.location,
            base=base_dir,
        ),
    ]
    duckdb_path: Annotated[
        Path,
        Setting(
            "JOBMATCH_DUCKDB_PATH",
            "The DuckDB file that holds all tables.",
            "data/warehouse.duckdb",
            readers.duckdb_path,
            base=base_dir,
        ),
    ]
    published_path: Annotated[
        Path,
        Setting(
            "JOBMATCH_PUBLISHED_PATH",
            "A DuckDB file with a copy of gold for dashboards and notebooks, replaced after each build; "
            "empty: gold.duckdb beside the DuckDB file.",
            "",
            readers.optional_duckdb_path,
        ),
    ]
    dashboards_path: Annotated[
        Path,
        Setting(
            "JOBMATCH_DASHBOARDS_PATH",
            "Folder of the pages that are made from the published copy; empty: dashboards beside it.",
            "",
            readers.optional_path,
        ),
    ]
    reports_path: Annotated[
        Path,
        Setting(
            "JOBMATCH_REPORTS_PATH",
            "Folder of the weekly reports (PDF) made from the published copy; empty: reports beside it.",
            "",
            readers.optional_path,
        ),
    ]
    archive_path: Annotated[
        Path,
        Setting(
            "JOBMATCH_ARCHIVE_PATH",
            "Folder of lines that were withdrawn or are old, as Parquet files; back it up with the "
            "warehouse, which has them no more. Empty: archive beside the DuckDB file.",
            "",
            readers.optional_path,
        ),
    ]
