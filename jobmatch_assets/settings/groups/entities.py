"""Settings of what records of entities mean."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from jobmatch_assets.settings import readers
from jobmatch_assets.settings.setting import Setting


@dataclass(frozen=True)
class EntitySettings:
    """What records of entities mean."""

    sources: Annotated[
        Path | None,
        Setting(
            "JOBMATCH_SOURCES",
            "Registry of the sources of entities, a CSV file: time zone, currency, how old and how "
            "incomplete their files may be; empty: all sources have the defaults.",
            "",
            readers.optional_path,
        ),
    ]
