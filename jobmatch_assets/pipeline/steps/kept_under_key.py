"""What follows from something else, kept in a file for as long as that stays the same."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from jobmatch_assets.whole_files import write_whole


def read_kept(file: Path, key: str) -> Any:
    """What is kept under a key; None where it is not, or the file cannot be read."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(file.read_bytes())
        if found["key"] == key:
            return found["kept"]
    return None


def keep(file: Path, key: str, what: Any) -> None:
    """Keep it in place of what was there; where the file cannot be written, nothing is."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps({"key": key, "kept": what}).encode())
