"""The job that writes a table of the published copy to a file; it takes no turn at the warehouse."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dagster as dg

from jobmatch_assets.exports.destination import FOLDER
from jobmatch_assets.exports.export import export, format_of
from jobmatch_assets.orchestration.asset_step import told_failures
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.warehouse.port import SelectionError
from jobmatch_assets.warehouse.selection import Filter, Selection

EXPORT_TABLE = "export_table"
_STEP = "export"


class WantedExport(dg.Config):
    """What is exported, and where it goes.

    Attributes:
        table: A gold table, e.g. funnel_daily.
        first: The first date, YYYY-MM-DD; without it, all dates.
        last: The last date; without it, the first.
        format: csv, parquet or xlsx; without it, what the name of `out` ends with, else csv.
        all_groups: Whether rows by platform, surface, variant … are exported, too, and not only totals.
        where: Conditions that all hold: column=value (or !=, <, <=, >, >=), `column is null`, `column is
            not null`.
        columns: Only these columns, in this order.
        out: A file or a folder; a relative path begins in the folder `exports` beside the published copy.
        force: Whether a file that is there is replaced.
    """

    table: str
    first: str | None = None
    last: str | None = None
    format: str | None = None
    all_groups: bool = False
    where: list[str] = []  # noqa: RUF012 (Dagster copies it)
    columns: list[str] = []  # noqa: RUF012
    out: str | None = None
    force: bool = False


def build_export_job(platform: Platform) -> dg.JobDefinition:
    """A job of one step, in no pool: readers of the published copy hold up nobody."""
    settings = platform.settings

    @dg.op(name=_STEP, out=dg.Out(dg.Nothing))
    def export_step(context: dg.OpExecutionContext, config: WantedExport) -> Iterator[Any]:
        """Write rows of a table to a file; its path is metadata of the output."""
        with told_failures(context):
            out = settings.published_path.parent / FOLDER / config.out if config.out else None
            exported = export(settings, _selection(config), format_of(config.format, out), out, config.force)
        for note in exported.notes:
            context.log.warning(note)
        yield dg.Output(
            None,
            metadata={
                "path": dg.MetadataValue.path(str(exported.path.absolute())),
                "rows": exported.rows,
                "notes": dg.MetadataValue.text("\n".join(exported.notes)),
            },
        )

    @dg.job(
        name=EXPORT_TABLE,
        description=(
            "Writes a table of the published copy to a CSV, Parquet or XLSX file, as `jobmatch export` does. "
            "Its config names the table and the dates; the path is metadata of the step's output. It runs "
            "beside builds and reads what was published last."
        ),
        executor_def=dg.in_process_executor,
    )
    def export_table() -> None:
        export_step()

    return export_table


def _selection(config: WantedExport) -> Selection:
    """What the config wants.

    Raises:
        SelectionError: Its dates or conditions are none.
    """
    try:
        first, last = (dt.date.fromisoformat(day) if day else None for day in (config.first, config.last))
    except ValueError:
        raise SelectionError(
            f"The run config names the dates {config.first!r} to {config.last!r}: write YYYY-MM-DD."
        ) from None
    if last and not first:
        raise SelectionError("The run config has `last` without `first`: name the first date, too.")
    if first and last and last < first:
        raise SelectionError(f"In the run config, last: {last} lies before first: {first}.")
    try:
        filters = tuple(map(Filter.of, config.where))
    except ValueError as error:
        raise SelectionError(f"In the run config, `where` is not understood: {error}.") from None
    return Selection(
        config.table,
        first,
        last or first,
        totals_only=not config.all_groups,
        filters=filters,
        columns=tuple(config.columns),
    )
