"""The weekly report: what is asked of the copy, put together as one document."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from jobmatch_assets.dates import shown
from jobmatch_assets.dictionary import Dictionary
from jobmatch_assets.published.copy import opened
from jobmatch_assets.reports.comparing import Comparing
from jobmatch_assets.reports.files import write_whole
from jobmatch_assets.reports.parts import Section, Tile
from jobmatch_assets.reports.sections import (
    campaigns,
    data_health,
    experiments,
    funnel,
    hiring,
    market,
    platform_health,
    ranking,
    revenue,
    search_quality,
    segments,
)
from jobmatch_assets.reports.sections.definitions import definitions
from jobmatch_assets.reports.state import (
    WeekState,
    last_complete_week,
    published,
    reasons,
    require,
    week_state,
)
from jobmatch_assets.reports.time_axis import TimeAxis
from jobmatch_assets.reports.typeset import Document, typeset
from jobmatch_assets.reports.week import Week
from jobmatch_assets.reports.wording import days, name

Maker = Callable[[duckdb.DuckDBPyConnection, Comparing, TimeAxis], Section | None]

_SECTIONS: tuple[Maker, ...] = (
    funnel.funnel,
    ranking.ranking,
    search_quality.search_quality,
    campaigns.campaigns,
    hiring.hiring,
    platform_health.platform_health,
    segments.segments,
    market.market,
    revenue.revenue,
    experiments.experiments,
    data_health.data_health,
)

TABLES = (
    "publication",
    "held_back",
    *funnel.TABLES,
    *ranking.TABLES,
    *search_quality.TABLES,
    *experiments.TABLES,
    *data_health.TABLES,
)
"""What it reads of the published copy."""

OPTIONAL_TABLES = (
    *campaigns.TABLES,
    *hiring.COLUMNS,
    *platform_health.COLUMNS,
    *segments.TABLES,
    *market.TABLES,
    *revenue.TABLES,
)
"""What it reads where the copy has it."""

_LATER_COLUMNS = {**ranking.LATER_COLUMNS, **search_quality.LATER_COLUMNS}


_READING = (
    "Below a number its 95 % interval, then the change against the week before with its own. No difference "
    "found: that interval holds 0. Counts are of all events or users and have no interval."
)


@dataclass(frozen=True)
class WeeklyReport:
    """A report that was written.

    Attributes:
        week: The week.
        path: The file.
        is_final: Whether none of its dates is held back or incomplete.
        content: A hash of what it says; the time of publication, which it says too, is not in it.
        bytes: The size of the file.
    """

    week: Week
    path: Path
    is_final: bool
    content: str
    bytes: int


def build_weekly(
    copy: Path, folder: Path, dictionary: Dictionary, week: Week | None = None, out: Path | None = None
) -> WeeklyReport:
    """Write the report of a week from the published copy of gold.

    Args:
        copy: The published copy.
        folder: Where reports lie.
        dictionary: What metrics mean.
        week: The week; None for the last one that the copy holds completely.
        out: The file, in place of `weekly-<week>.pdf` in the folder.

    Raises:
        CopyError: There is no copy, or it cannot be read.
        RequestError: The copy holds nothing of the week, or no complete one.
        ReportError: The report cannot be written.
    """
    with opened(copy) as connection:
        require(connection, TABLES, _LATER_COLUMNS)
        of = published(connection)
        state = week_state(connection, week or last_complete_week(of), of)
        document = _document(connection, state, dictionary)
    path = out or folder / f"weekly-{state.week}.pdf"
    content = typeset(document)
    write_whole(path, content)
    return WeeklyReport(state.week, path, state.is_final, _hash(document), len(content))


def _document(connection: duckdb.DuckDBPyConnection, state: WeekState, dictionary: Dictionary) -> Document:
    comparing, axis = Comparing(state), TimeAxis(state)
    tiles: list[Tile] = [*funnel.tiles(connection, comparing), *ranking.tiles(connection, comparing)]
    made = [make(connection, comparing, axis) for make in _SECTIONS]
    sections = [section for section in made if section is not None]
    used = [metric for section in sections for metric in section.metrics]
    return Document(
        title=f"Weekly report {state.week}",
        dates=days(state.week.monday, state.week.sunday),
        is_final=state.is_final,
        state=_state_line(state),
        reasons=[name(reason) for reason in reasons(state)],
        notes=[*_notes(state), *filter(None, [comparing.obstacle])],
        tiles=tiles,
        reading=_READING,
        sections=[*sections, definitions(dictionary, ["users_search", "searches", "applies", *used])],
        published_at=state.published.at,
    )


def _state_line(state: WeekState) -> str:
    if state.is_final:
        return "Final: all dates are complete and none is held back. Late data may still change a number."
    open_dates = {*state.incomplete, *state.held_back_dates}
    return f"Not final: {shown(open_dates)}. Numbers of these dates, and of the week, will change."


def _notes(state: WeekState) -> list[str]:
    first, last = state.published.dates.first, state.published.dates.last
    notes = []
    if state.week.monday < first:
        notes.append(f"The data begin on {first}: earlier dates of the week are not in it.")
    if state.week.sunday > last:
        notes.append(f"The data end on {last}: later dates of the week are not in it.")
    return notes


def _hash(document: Document) -> str:
    said: dict[str, Any] = asdict(document)
    del said["published_at"]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
