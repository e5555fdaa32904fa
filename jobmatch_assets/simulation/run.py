"""The generation itself: day by day, block by block, from draws to files."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jobmatch_assets.simulation.arrays import Ints, Texts, texts
from jobmatch_assets.simulation.arrival import Arrival, draw_arrival
from jobmatch_assets.simulation.behaviour import draw_events
from jobmatch_assets.simulation.broken import broken_line, rotation
from jobmatch_assets.simulation.events import Events
from jobmatch_assets.simulation.jobs import Jobs, draw_jobs
from jobmatch_assets.simulation.landing import DayFiles
from jobmatch_assets.simulation.lines import iso, render, tails
from jobmatch_assets.simulation.lists import draw_lists
from jobmatch_assets.simulation.output import Output
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.sessions import Sessions, draw_sessions
from jobmatch_assets.simulation.truth import Truth, registry
from jobmatch_assets.simulation.users import Users, user_blocks
from jobmatch_assets.simulation.world.build import World
from jobmatch_assets.simulation.world.options import WorldOptions
from jobmatch_assets.simulation.world.seen import Seen

_SOURCE = "app"
_CORRECTING_SOURCE = "replay"
_ROTATION_PER_DAY = 5
"""Shares no factor with the number of reasons, so that every day begins with another one."""

OnDay = Callable[[dt.date, int], None]
"""Told each day when its files are complete, and how many lines its sessions wrote."""


def write_landing(
    scenario: Scenario,
    out_dir: Path,
    *,
    overwrite: bool = False,
    on_day: OnDay | None = None,
    world: WorldOptions | None = None,
) -> Truth:
    """Write landing/, experiments.csv and truth.json.

    Args:
        scenario: What to simulate.
        out_dir: Folder for all of it; created if it does not exist.
        overwrite: Remove an earlier generation from the folder first.
        on_day: Called after each day.
        world: Write landing/entities, too, the world that the events happen in, and what is
            known of it as `entities` of truth.json.

    Returns:
        What truth.json says.

    Raises:
        OutputError: The folder holds another generation, or files that are in the way.
        OSError: The folder cannot be written.
    """
    output = Output(out_dir, overwrite=overwrite)
    output.write(output.registry, registry(scenario.experiments))
    truth = Truth(scenario)
    jobs = draw_jobs(scenario)
    seen = None if world is None else Seen(scenario)
    for number in range(scenario.days):
        day = scenario.start + dt.timedelta(days=number)
        before = truth.lines
        with DayFiles(scenario, output, day) as files:
            _write_day(scenario, jobs, day, files, truth, seen)
        if on_day is not None:
            on_day(day, truth.lines - before)
    if world is None or seen is None:
        output.write(output.truth, truth.as_json())
    else:
        _write_world(World(scenario, world, jobs, seen, output), output, truth)
    return truth


def _write_world(world: World, output: Output, truth: Truth) -> None:
    """The entity files, and truth.json with what it says of them."""
    with output.create(output.truth) as file:
        file.write(truth.as_json().removesuffix("\n}\n").encode() + b',\n  "entities": ')
        world.write(file)
        file.write(b"\n}\n")
    output.publish(output.truth)


def _write_day(
    scenario: Scenario, jobs: Jobs, day: dt.date, files: DayFiles, truth: Truth, seen: Seen | None
) -> None:
    reasons = rotation(day.toordinal() * _ROTATION_PER_DAY)
    truth.broken[day] = Counter()
    for users in user_blocks(scenario):
        sessions = draw_sessions(scenario, users, day)
        lists = draw_lists(scenario, jobs, users, sessions)
        events = draw_events(scenario, jobs, users, sessions, lists)
        arrival = draw_arrival(scenario, users, sessions, events)
        user = users.first + sessions.user[events.session]
        block = _Block(scenario, users, sessions, events, arrival, user)
        _write_valid(block, files, truth)
        if seen is not None:
            seen.add(users, sessions, events, arrival.lands <= block.last)
        _write_broken(block, reasons, files, truth)


@dataclass(frozen=True)
class _Block:
    scenario: Scenario
    users: Users
    sessions: Sessions
    events: Events
    arrival: Arrival
    user: Ints

    @property
    def last(self) -> int:
        """Days from this one to the last that has files."""
        return (self.scenario.last_day - self.sessions.day).days


def _write_valid(block: _Block, files: DayFiles, truth: Truth) -> None:
    arrival = block.arrival
    landed = arrival.lands <= block.last
    truth.count_events(block.events, arrival, landed)
    truth.count_units(block.users, block.sessions, block.events, landed)
    truth.repeated += int((arrival.repeat_lands <= block.last).sum())
    truth.corrected += int((arrival.correction_lands <= block.last).sum())

    lines = _lines(block)
    lands = np.concatenate([arrival.lands, arrival.repeat_lands, arrival.correction_lands])
    sender = np.concatenate([block.user, block.user[arrival.repeated], block.user[arrival.corrected]])
    part = np.where(lands == 0, sender % block.scenario.files_per_day, 0)
    for days_later, number in sorted(set(zip(lands.tolist(), part.tolist(), strict=True))):
        chosen = lines[(lands == days_later) & (part == number)]
        if days_later > block.last:
            truth.not_landed += len(chosen)
            continue
        data = ("\n".join(chosen.tolist()) + "\n").encode()
        files.append(days_later, number, data)
        truth.count_lines(block.sessions.day + dt.timedelta(days=days_later), len(chosen), len(data))


def _lines(block: _Block) -> Texts:
    """The first line of every event, then the repeated, then the corrected ones."""
    events, arrival, key = block.events, block.arrival, block.sessions.key
    tail = tails(events, block.sessions, block.users)
    numbers = np.arange(len(events))
    first = texts(render(events, numbers, tail, ingested=arrival.ingested, key=key, source=_SOURCE))
    corrected = texts(
        render(
            events.where(arrival.corrected),
            arrival.corrected,
            tail[arrival.corrected],
            ingested=arrival.correction_ingested,
            key=key,
            source=_CORRECTING_SOURCE,
        )
    )
    return np.concatenate([first, first[arrival.repeated], corrected])


def _write_broken(block: _Block, reasons: Iterator[tuple[str, int]], files: DayFiles, truth: Truth) -> None:
    victims = block.arrival.broken
    moments = iso(block.events.at[victims])
    for number, at, user in zip(victims.tolist(), moments, block.user[victims].tolist(), strict=True):
        reason, turn = next(reasons)
        event_id = f"{block.sessions.key}-x{number:x}"
        line = broken_line(reason, turn, event_id, f"{at}Z", user) + b"\n"
        files.append(0, user % block.scenario.files_per_day, line)
        truth.broken[block.sessions.day][reason] += 1
        truth.count_lines(block.sessions.day, 1, len(line))
