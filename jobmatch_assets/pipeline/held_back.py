"""Why dates of a table are missing or as they were before: what is held back, waits, or fails a check."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator

from jobmatch_assets.dates import shown
from jobmatch_assets.pipeline.layers import layer_of
from jobmatch_assets.pipeline.ready import RebuildQueue
from jobmatch_assets.pipeline.work import LAYERS
from jobmatch_assets.warehouse.port import BuiltLayer, FailingCheck

Concerns = Callable[[dt.date], bool]

_MOST_CHECKS = 3
_LONGEST = 600


def notes_on(queue: RebuildQueue, layer: str, table: str, concerns: Callable[[dt.date], bool]) -> list[str]:
    """What a reader of a table must know of its dates, a paragraph each; nothing where all is well.

    Args:
        queue: What waits, and what fails.
        layer: silver or gold, as the table's schema says.
        table: The table.
        concerns: Whether the reader looks at a date.
    """
    built_with = layer_of(layer, table)
    notes = [note for name in LAYERS if name == built_with for note in _waiting(queue, name, concerns)]
    failing = [check for check in queue.failing if concerns(check.partition_date)]
    unstaged = [check for check in failing if check.is_blocking and check.layer == "bronze"]
    notes += [f"Files of the day are not in it: {text}" for text in told(unstaged) if built_with != "bronze"]
    own = [check for check in failing if check.asset == f"{layer}/{table}"]
    return notes + [f"Fails a check: {text}" for text in told(own)]


def _waiting(queue: RebuildQueue, layer: BuiltLayer, concerns: Concerns) -> Iterator[str]:
    held_back = {day for day in queue.held_back(layer) if concerns(day)}
    if held_back:
        dates = _dates(layer, held_back)
        yield f"Held back, so missing or as before: {dates}. {_because(queue, layer)}"
    waits = {entry.event_date for entry in queue.ready(layer) if concerns(entry.event_date)}
    if waits:
        yield f"Waits to be built, by `jobmatch run`: {_dates(layer, waits)}."


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


def _because(queue: RebuildQueue, layer: BuiltLayer) -> str:
    """Which blocking checks of the layers before it hold dates of a layer back."""
    upstream = ("bronze", *LAYERS[: LAYERS.index(layer)])
    found = told(check for check in queue.failing if check.is_blocking and check.layer in upstream)
    return " ".join(found) if found else "What it is built from is not built itself yet."


def _dates(layer: BuiltLayer, dates: Collection[dt.date]) -> str:
    """A/B results add up all dates before, so what changes a date changes all that follow."""
    return f"{min(dates)} and what follows" if layer == "experiments" else shown(dates)


def _short(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
