"""`jobmatch generate`: the simulation on the command line.

The options are the fields of `Scenario`, with its defaults and help texts; only what
shapes the experiments is put together here.
"""

import dataclasses
import datetime as dt
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from jobmatch_assets.simulation.output import OutputError
from jobmatch_assets.simulation.run import write_landing
from jobmatch_assets.simulation.scenario import (
    DEMO_APPLY_LIFT,
    DEMO_CLICK_LIFT,
    LAYOUTS,
    Experiment,
    Scenario,
    ScenarioError,
    demo_experiments,
)
from jobmatch_assets.simulation.truth import Truth
from jobmatch_assets.simulation.world.options import DELIVERIES, WorldOptions


class _Day(click.ParamType[dt.date]):
    """A date as ISO 8601 writes it."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-03-01", param, ctx)


_KINDS: dict[str, Any] = {"start": _Day(), "layout": click.Choice(LAYOUTS)}


def _scenario_options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each parameter of a scenario that is a single value."""
    return _options_of(Scenario, command)


def _world_options(command: Callable[..., None]) -> Callable[..., None]:
    """One option for each parameter of a world."""
    return _options_of(WorldOptions, command)


def _options_of(
    parameters: type[Scenario | WorldOptions], command: Callable[..., None]
) -> Callable[..., None]:
    for parameter in reversed(dataclasses.fields(parameters)):
        if "help" not in parameter.metadata:
            continue
        required = parameter.default is dataclasses.MISSING
        default = None if required else parameter.default
        command = click.option(
            f"--{parameter.name.replace('_', '-')}",
            type=_KINDS.get(parameter.name, type(default)),
            default=default,
            is_flag=isinstance(default, bool),
            required=required,
            show_default=not required,
            help=parameter.metadata["help"],
        )(command)
    return command


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder for landing/, experiments.csv and truth.json.",
)
@_scenario_options
@click.option(
    "--click-lift",
    type=float,
    default=DEMO_CLICK_LIFT,
    show_default=True,
    help="Relative lift of clicks planted in ranker_v2.",
)
@click.option(
    "--apply-lift",
    type=float,
    default=DEMO_APPLY_LIFT,
    show_default=True,
    help="Relative lift of applies planted in apply_button.",
)
@click.option(
    "--split",
    multiple=True,
    metavar="[EXPERIMENT=]C/T",
    help="Assign control/treatment in this ratio, such as 60/40, while the registry says 50/50; "
    "all experiments unless one is named. Repeatable.",
)
@click.option(
    "--multiple-variant-rate",
    multiple=True,
    metavar="[EXPERIMENT=]RATE",
    help="Share of users that are shown both variants; all experiments unless one is named. Repeatable.",
)
@click.option(
    "--entities",
    type=click.Choice((*DELIVERIES, "none")),
    default="none",
    show_default=True,
    help="Write companies, jobs, people, applications and what follows, too: as changes of a database, as "
    "rows, as daily full dumps, or as daily CSV tables.",
)
@_world_options
@click.option("--overwrite", is_flag=True, help="Remove an earlier generation from --out first.")
def generate(
    *,
    out: Path,
    click_lift: float,
    apply_lift: float,
    split: tuple[str, ...],
    multiple_variant_rate: tuple[str, ...],
    overwrite: bool,
    entities: str = "none",
    **parameters: Any,
) -> None:
    """Simulate the product and write its events, with known properties planted.

    The same options write the same bytes. Lines that would land after the last day have
    not arrived yet: they are counted in truth.json, not written.
    """
    try:
        experiments: tuple[Experiment, ...] = demo_experiments(click_lift, apply_lift)
        for text in split:
            experiments = _changed(experiments, text, _with_split)
        for text in multiple_variant_rate:
            experiments = _changed(experiments, text, _with_two_variants)
        world = _world(entities, parameters)
        scenario = Scenario(experiments=experiments, **parameters)
        truth = _write(scenario, out, overwrite, world)
    except (ScenarioError, OutputError) as error:
        raise click.ClickException(f"{error}.") from error
    except OSError as error:
        raise click.ClickException(f"Cannot write to {out}: {error}.") from error
    _report(truth, out)


def _world(entities: str, parameters: dict[str, Any]) -> WorldOptions | None:
    """What is to be planted in the world; its parameters are taken out of the others."""
    names = [field.name for field in dataclasses.fields(WorldOptions) if field.name in parameters]
    planted = {name: parameters.pop(name) for name in names}
    if entities != "none":
        return WorldOptions(entities, **planted)
    if planted.get("truncated_dump"):
        raise ScenarioError("a truncated dump needs entities delivered as dumps")
    if planted.get("fill_rate") or planted.get("close_rate"):
        raise ScenarioError("fill_rate and close_rate are about jobs, which come with entities")
    return None


def _changed(
    experiments: tuple[Experiment, ...],
    text: str,
    change: Callable[[Experiment, str], Experiment],
) -> tuple[Experiment, ...]:
    """The experiments with the change made to the one that the text names, or to all."""
    named, _, value = text.rpartition("=")
    known = [experiment.experiment_id for experiment in experiments]
    if named and named not in known:
        raise ScenarioError(f"there is no experiment {named!r}, only {', '.join(known)}")
    return tuple(
        change(experiment, value) if named in ("", experiment.experiment_id) else experiment
        for experiment in experiments
    )


def _with_split(experiment: Experiment, text: str) -> Experiment:
    try:
        parts = [float(part) for part in text.split("/")]
        shares = [part / sum(parts) for part in parts]
        variants = tuple(
            dataclasses.replace(variant, share=share)
            for variant, share in zip(experiment.variants, shares, strict=True)
        )
    except (ValueError, ZeroDivisionError):
        raise ScenarioError(f"a split is a ratio like 60/40, got {text!r}") from None
    return dataclasses.replace(experiment, variants=variants)


def _with_two_variants(experiment: Experiment, text: str) -> Experiment:
    try:
        return dataclasses.replace(experiment, multiple_variant_rate=float(text))
    except ValueError:
        raise ScenarioError(f"a multiple variant rate is a number, got {text!r}") from None


def _write(scenario: Scenario, out: Path, overwrite: bool, world: WorldOptions | None) -> Truth:
    """Write it, with a bar on a terminal and a line for each day elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return write_landing(scenario, out, overwrite=overwrite, on_day=_log_day, world=world)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("Days", total=scenario.days)

        def advance(_day: dt.date, _lines: int) -> None:
            progress.advance(task)

        return write_landing(scenario, out, overwrite=overwrite, on_day=advance, world=world)


def _log_day(day: dt.date, lines: int) -> None:
    click.echo(f"{day}: {lines} lines", err=True)


def _report(truth: Truth, out: Path) -> None:
    table = Table("what", "lines")
    table.columns[1].justify = "right"
    broken = sum(reasons.total() for reasons in truth.broken.values())
    for what, count in (
        ("searches", truth.events["search"]),
        ("impressions", truth.events["impression"]),
        ("clicks", truth.events["click"]),
        ("applies", truth.events["apply"]),
        ("all events", truth.events.total()),
        ("of them late", truth.late.total()),
        ("repeated", truth.repeated),
        ("corrected", truth.corrected),
        ("broken", broken),
        ("all lines", truth.lines),
    ):
        table.add_row(what, f"{count:,}")
    Console().print(table)
    click.echo(f"Events:      {out / 'landing' / 'events'}  ({truth.bytes_written / 1e6:,.1f} MB)")
    if (out / "landing" / "entities").exists():
        click.echo(f"Entities:    {out / 'landing' / 'entities'}")
    click.echo(f"Experiments: {out / 'experiments.csv'}")
    click.echo(f"Planted:     {out / 'truth.json'}")
    landing, experiments = (
        shlex.quote(str((out / name).resolve())) for name in ("landing", "experiments.csv")
    )
    click.echo("Point the platform at it:")
    click.echo(f"  JOBMATCH_LANDING={landing} JOBMATCH_EXPERIMENTS={experiments}")


if __name__ == "__main__":
    generate()
