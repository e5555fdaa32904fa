"""Why dates of a table are missing or as they were before: what is held back, waits, or fails a check."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from jobmatch_assets.contracts.feed import FEEDS
from jobmatch_assets.contracts.keys import TableKey
from jobmatch_assets.dates import shown
from jobmatch_assets.pipeline.plan import Plan, PlannedTable
from jobmatch_assets.pipeline.ready import Ready
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, STAGES, Stage
from jobmatch_assets.warehouse.control.findings import FailingCheck

Concerns = Callable[[dt.date], bool]

_MOST_CHECKS = 3
_LONGEST = 600


def notes_on(session: Session, table: TableKey, concerns: Concerns) -> list[str]:
    """What a reader of a table must know of its dates, a paragraph each; nothing where all is well.

    Args:
        session: The warehouse.
        table: A table of silver or gold.
        concerns: Whether the reader looks at a date.
    """
    ready = session.ready()
    notes: list[str] = []
    is_staged = table in {feed.staged for feed in FEEDS}
    # How a table is built is told by dbt's manifest, which takes seconds to read.
    if any(map(ready.has_entries, STAGES)) and table.name in session.plan.tables and not is_staged:
        notes += _waiting(ready, session.plan, session.plan.named(table.name), concerns)
    failing = [check for check in ready.failing if concerns(check.partition_date)]
    unstaged = [check for check in failing if check.is_blocking and check.stage == BRONZE.name]
    notes += [f"Files of the day are not in it: {text}" for text in told(unstaged) if not is_staged]
    own = [check for check in failing if check.asset == str(table)]
    return notes + [f"Fails a check: {text}" for text in told(own)]


def _waiting(ready: Ready, plan: Plan, table: PlannedTable, concerns: Concerns) -> Iterator[str]:
    stage = table.stage
    held_back = {day for day in ready.held_back_from(table) if concerns(day)}
    if held_back:
        dates = _dates(stage, held_back)
        yield f"Held back, so missing or as before: {dates}. {_because(ready, plan, stage)}"
    entries = [entry for feed in FEEDS for entry in ready.ready(stage, feed)]
    waits = set(filter(concerns, stage.partitions_of([entry.event_date for entry in entries])))
    if waits:
        yield f"Waits to be built, by `jobmatch run`: {_dates(stage, waits)}."


def told(failing: Iterable[FailingCheck]) -> list[str]:
    """What fails, a sentence a check, with the dates of all that fail it."""
    by_check: dict[tuple[str, str], list[FailingCheck]] = defaultdict(list)
    for check in failing:
        by_check[check.asset, check.check_name].append(check)
    texts = [
        f"{name} of {asset} fails for {shown({check.partition_date for check in checks})}: "
        f"{_short(checks[0].description.removeprefix(f'Check {name} of {asset}').lstrip(': '))}."
        for (asset, name), checks in sorted(by_check.items())
    ]
    more = f"And {len(texts) - _MOST_CHECKS} more checks, see the Dagster UI."
    return texts[:_MOST_CHECKS] + ([more] if len(texts) > _MOST_CHECKS else [])


def _because(ready: Ready, plan: Plan, stage: Stage) -> str:
    """Which blocking checks of the stages that it reads hold dates of a stage back."""
    upstream = {before.name for before in plan.stages_read(stage)}
    found = told(check for check in ready.failing if check.is_blocking and check.stage in upstream)
    return " ".join(found) if found else "What it is built from is not built itself yet."


def _dates(stage: Stage, dates: Collection[dt.date]) -> str:
    """What changes a date of a table that adds up all dates before changes all that follow."""
    return f"{min(dates)} and what follows" if stage.since else shown(dates)


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
