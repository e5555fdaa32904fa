"""Taking a person out of the platform: what it would change, and doing it, in steps that can be repeated.

The order makes that safe. What needs the ids themselves (Dagster's storage, archives, lines, the tables made
of them) comes first, lines and the digests of ids in one transaction; who is stopped before it begins again,
and after it the ordinary run rebuilds what was touched and the file is written anew, for neither of which an
id is needed.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

from jobmatch_assets.archives.archive import Archive
from jobmatch_assets.contracts.erasure import APPLICATION, CANDIDATE, KINDS_RENAMED, USER
from jobmatch_assets.contracts.feed import FEEDS, Feed, feed_named
from jobmatch_assets.errors import PlatformError, RequestError
from jobmatch_assets.pipeline.archived_lines import bring_back_days
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.publish import publish
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.steps.staging import keep_staged
from jobmatch_assets.privacy.batches import changes_of, without_erased
from jobmatch_assets.privacy.files import Search, files_below, rewrite_storage
from jobmatch_assets.privacy.lines import Eraser, Line
from jobmatch_assets.privacy.pseudonyms import (
    ERASED,
    ErasedId,
    Pseudonyms,
    checked_key,
    digest_of,
    erased_id,
    is_pseudonym,
    mark_of,
    pseudonym_of,
    runs_of,
    search_pattern,
)
from jobmatch_assets.settings import Settings
from jobmatch_assets.warehouse.control.archived import RETAINED
from jobmatch_assets.warehouse.duckdb.erasing import DuckDBErasing, file_holds
from jobmatch_assets.warehouse.duckdb.warehouse import DuckDBWarehouse
from jobmatch_assets.warehouse.publication.parquet import parquet_folder


@dataclass
class Erasure:
    """Persons who are to be erased, and what is found of them.

    Attributes:
        ids: {kind: ids}: the users, and what leads to them.
        rows: {table: how many of its rows have one of them}; of lines, how many change.
        files: How many files of Dagster's storage were rewritten.
    """

    ids: dict[str, set[str]]
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0

    @property
    def renamed(self) -> set[str]:
        """The ids that must not be found any more."""
        return {id_ for kind in KINDS_RENAMED for id_ in self.ids.get(kind, ())}

    @property
    def searched(self) -> set[str]:
        """Those of them that can be told from other words, wherever they stand."""
        return {id_ for id_ in self.renamed if runs_of(id_)}


def check_erasure(settings: Settings, users: Collection[str]) -> None:
    """Refuse what cannot be done.

    Raises:
        RequestError: No user is named, one of them is a pseudonym, or the warehouse is on BigQuery.
        ErasureKeyError: There is no key.
    """
    if settings.target != "duckdb":
        raise RequestError(
            "jobmatch erase works on a warehouse of DuckDB (JOBMATCH_TARGET=duckdb). On BigQuery, deleted "
            "rows stay readable for days (time travel): docs/guarantees.md says what can be done there."
        )
    if not users:
        raise RequestError(
            "Nobody is named: give --user ID, --ids-file FILE with an id a line, or --landed for all whom "
            "landed files name."
        )
    if any(map(is_pseudonym, users)):
        raise RequestError(
            "A pseudonym of an erased person is named as a user: name users as their producer does. Nothing "
            "was changed."
        )
    checked_key(settings.erasure_key, ())


def preview(session: Session, users: Collection[str]) -> Erasure:
    """What erasing these users would change; changes nothing."""
    with _warehouse(session).erasing() as erasing:
        erasure = _found(erasing, users)
        pseudonyms = _pseudonyms(session, erasure)
        for feed in FEEDS:
            if session.warehouse.has_table(feed.raw) and (
                lines := list(_changed(erasing, feed, erasure, pseudonyms))
            ):
                erasure.rows[f"{feed.raw}"] = len(lines)
        erasure.rows |= _named(erasing.rename(*_maps(session, erasure), apply=False))
        erasure.rows |= {
            f"archive {archive.name}": lines for _, archive, lines in _archived(session, pseudonyms)
        }
    return erasure


def erase(session: Session, users: Collection[str], storage: Collection[Path], now: dt.datetime) -> Erasure:
    """Take users out of Dagster's storage, archives, lines, tables; what is made of lines waits for a run.

    Old days that retention has moved to archives come back to bronze where lines of theirs are among them.

    Args:
        session: The warehouse, open.
        users: Their ids.
        storage: Folders of Dagster's storage.
        now: When.

    Raises:
        StorageError: A database of Dagster's storage is locked.
        ArchiveError: Lines of theirs lie in an archive that is missing or damaged; days before it are back.
        ErasureKeyError: The key is not the one of earlier erasures.
    """
    session.prepare()
    key = checked_key(session.settings.erasure_key, session.erased.ids())
    with _warehouse(session).erasing() as erasing:
        erasure = _found(erasing, users)
        pseudonyms = _pseudonyms(session, erasure)
        archived = _without_retained(session, list(_archived(session, pseudonyms)))
        if search := Search(key, erasure.searched):
            erasure.files = rewrite_storage(storage, search)
        for feed, archive, count in archived:
            change = partial(without_erased, eraser=Eraser(pseudonyms), most_bytes=feed.layout.most_bytes)
            archive.rewrite(change)
            erasure.rows[f"archive {archive.name}"] = count
        changed = {feed: list(_changed(erasing, feed, erasure, pseudonyms)) for feed in FEEDS}
        with session.warehouse.transaction():
            for feed, lines in changed.items():
                if lines:
                    # What was staged is kept before any of it changes: its dates are those that are touched.
                    keep_staged(session, feed, {line["_source_dt"] for line in lines})
                    erasing.replace_lines(feed, lines)
                    session.ledger.set_staged(feed, {line["_source_dt"] for line in lines}, False)
                    erasure.rows[f"{feed.raw}"] = len(lines)
            erasure.rows |= _named(erasing.rename(*_maps(session, erasure), apply=True))
            session.erased.add(key, _erased_ids(key, erasure), now)
    return erasure


def rewrite(platform: Platform) -> tuple[int, int]:
    """Write the warehouse file anew, without what was deleted: (bytes before, bytes now)."""
    return cast(DuckDBWarehouse, platform.warehouse()).rewrite()


def rewrite_copy(platform: Platform) -> list[str]:
    """Write the published copy anew, if there is one; returns why it could not be."""
    if not platform.settings.published_path.exists():
        return []
    try:
        with platform.open() as session:
            publish(session, anew=True)
    except PlatformError as error:
        return [str(error)]
    return []


def remains(session: Session, erasure: Erasure, places: Iterable[Path]) -> list[str]:
    """Where an id is still found that can be told from other words: tables, then files."""
    if not erasure.searched:
        return []
    pattern = search_pattern(erasure.searched)
    with _warehouse(session).erasing() as erasing:
        found = [f"{table} ({rows} rows)" for table, rows in _named(erasing.holding(pattern)).items()]
    search = Search(session.settings.erasure_key, erasure.searched)
    warehouse = session.settings.duckdb_path.resolve()
    for path in files_below(list(places)):
        # Not the warehouse itself: this process would lose its lock on it.
        if path.resolve() != warehouse and (search.is_in(path) or file_holds(path, pattern)):
            found.append(str(path))
    return found


def places_of(settings: Settings) -> list[Path]:
    """The files and folders that the platform writes, but for Dagster's storage."""
    return [
        place
        for place in (
            settings.published_path,
            parquet_folder(settings.published_path),
            settings.dashboards_path,
            settings.reports_path,
            settings.archive_path,
        )
        if place.exists()
    ]


def _found(erasing: DuckDBErasing, users: Collection[str]) -> Erasure:
    """The users, and the ids that lead to them: their devices, candidates and applications."""
    ids = {USER: set(users)}
    for kind, linked in erasing.linked(users).items():
        ids.setdefault(kind, set()).update(id_ for id_ in linked if not id_.startswith(ERASED))
    if candidates := ids.get(CANDIDATE):
        ids.setdefault(APPLICATION, set()).update(erasing.applications_of(candidates))
    return Erasure(ids)


def _pseudonyms(session: Session, erasure: Erasure) -> Pseudonyms:
    key = session.settings.erasure_key
    known = session.erased.ids()
    checked_key(key, known)
    return Pseudonyms(key, {*known, *_erased_ids(key, erasure), mark_of(key)})


def _erased_ids(key: str, erasure: Erasure) -> set[ErasedId]:
    return {erased_id(key, kind, id_) for kind, ids in erasure.ids.items() for id_ in ids}


def _changed(
    erasing: DuckDBErasing, feed: Feed, erasure: Erasure, pseudonyms: Pseudonyms
) -> Iterator[dict[str, Any]]:
    """The lines of a feed that change, as they will be."""
    eraser = Eraser(pseudonyms)
    pattern = search_pattern({id_ for ids in erasure.ids.values() for id_ in ids})
    for line in erasing.lines(feed, pattern):
        changed = eraser.line(
            Line(line["raw_line"], line["raw_form"], line["line_bytes"]),
            feed.layout.most_bytes,
            line.get("entity_table"),
        )
        if changed is not None:
            yield {**line, "raw_line": changed.text, "line_bytes": changed.bytes}


def _archived(session: Session, pseudonyms: Pseudonyms) -> Iterator[tuple[Feed, Archive, int]]:
    """(feed, archive, how many of its lines change) of archives that hold lines of a person."""
    eraser = Eraser(pseudonyms)
    for archive in session.archives.all():
        feed = feed_named(archive.manifest.feed)
        with archive.lines() as batches:
            if lines := sum(changes_of(batch, eraser, feed.layout.most_bytes) for batch in batches):
                yield feed, archive, lines


def _without_retained(
    session: Session, archived: Iterable[tuple[Feed, Archive, int]]
) -> list[tuple[Feed, Archive, int]]:
    """The others; retained lines go back to bronze, since what was made of them is built from there alone."""
    left = []
    for feed, archive, lines in archived:
        if archive.manifest.kind == RETAINED:
            bring_back_days(session, feed, [archive.manifest.day])
        else:
            left.append((feed, archive, lines))
    return left


def _maps(session: Session, erasure: Erasure) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    """{kind: {id: its pseudonym}}, and {id: its pseudonym} of those that are looked for anywhere."""
    key = session.settings.erasure_key
    names = {id_: pseudonym_of(digest_of(key, id_)) for id_ in sorted(erasure.renamed)}
    by_kind = {kind: {id_: names[id_] for id_ in sorted(erasure.ids.get(kind, ()))} for kind in KINDS_RENAMED}
    return by_kind, {id_: names[id_] for id_ in sorted(erasure.searched)}


def _named(rows: Mapping[str, int]) -> dict[str, int]:
    """Tables as people call them: layer/table."""
    return {
        place.replace('"', "").removeprefix("job_matching_").replace(".", "/", 1): count
        for place, count in rows.items()
    }


def _warehouse(session: Session) -> DuckDBWarehouse:
    return cast(DuckDBWarehouse, session.warehouse)
