"""Files that may hold an id: SQLite databases and logs that are rewritten, others that are searched."""

import json
import re
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from jobmatch_assets.errors import PlatformError
from jobmatch_assets.privacy.pseudonyms import digest_of, pseudonym_of
from jobmatch_assets.whole_files import write_whole

_SQLITE = b"SQLite format 3\0"
_BESIDE_SQLITE = ("-wal", "-shm", "-journal")
_SECONDS = 60
_BLOCK = 8 * 1024 * 1024


class StorageError(PlatformError):
    """A file that holds an id cannot be rewritten now."""


class Search:
    """Looks for ids in texts and files, as words of their own, in the spellings that JSON has of them."""

    def __init__(self, key: str, ids: Collection[str]) -> None:
        self._spellings = {
            spelling: pseudonym_of(digest_of(key, id_))
            for id_ in ids
            for spelling in (id_, json.dumps(id_)[1:-1], json.dumps(json.dumps(id_)[1:-1])[1:-1])
        }
        alternatives = "|".join(
            re.escape(spelling) for spelling in sorted(self._spellings, key=len, reverse=True)
        )
        self.pattern = rf"(?<![0-9A-Za-z])(?:{alternatives})(?![0-9A-Za-z])"
        self._longest = max((len(spelling.encode()) for spelling in self._spellings), default=0) + 1
        self._text = re.compile(self.pattern)
        self._bytes = re.compile(self.pattern.encode())

    def __bool__(self) -> bool:
        return bool(self._spellings)

    def is_in(self, path: Path) -> bool:
        """Whether the bytes of a file hold one; blocks overlap, so that none is missed between two."""
        with path.open("rb") as file:
            before = b""
            while block := file.read(_BLOCK):
                if self._bytes.search(before + block):
                    return True
                before = (before + block)[-self._longest - 1 :]
        return False

    def without(self, text: str) -> str:
        """A text with pseudonyms in their place."""
        return self._text.sub(lambda found: self._spellings[found[0]], text)


def rewrite_storage(folders: Collection[Path], search: Search) -> int:
    """Replace ids in all SQLite databases and logs below some folders.

    Returns:
        How many files held one.

    Raises:
        StorageError: A program keeps a database locked.
    """
    changed = 0
    for path in files_below(folders):
        if path.name.endswith(_BESIDE_SQLITE):
            continue
        if _is_sqlite(path):
            changed += _rewrite_database(path, search)
        elif search.is_in(path):
            text = path.read_bytes().decode(errors="surrogateescape")
            write_whole(path, search.without(text).encode(errors="surrogateescape"))
            changed += 1
    return changed


def files_below(places: Collection[Path]) -> Iterator[Path]:
    """All files of some folders, and those of these places that are files, each once."""
    seen = set()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and not path.is_symlink() and path not in seen:
                seen.add(path)
                yield path


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _rewrite_database(path: Path, search: Search) -> int:
    """1 where something was replaced; what was deleted before is taken off the disk either way."""
    beside = [path.with_name(path.name + ending) for ending in _BESIDE_SQLITE]
    if not any(search.is_in(file) for file in (path, *beside) if file.exists()):
        return 0
    try:
        connection = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)
        try:
            connection.create_function("without", 1, search.without, deterministic=True)
            connection.execute("pragma secure_delete = on")
            for (table,) in connection.execute(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
            ).fetchall():
                for column in connection.execute(
                    "select name from pragma_table_info(?)", (table,)
                ).fetchall():
                    name, place = (text.replace('"', '""') for text in (column[0], table))
                    connection.execute(
                        f'update "{place}" set "{name}" = without("{name}") '  # noqa: S608
                        f'where typeof("{name}") = \'text\' and without("{name}") <> "{name}"'
                    )
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)")
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"{path} cannot be rewritten: {error}. Stop what uses it (`jobmatch dev`, `dagster dev`), and "
            "repeat the command: it goes on from there."
        ) from None
    return 1
