"""Messages of a connector on their way into a platform: in files, without order, some of them twice."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from random import Random

import dagster as dg

from jobmatch_assets_tests.bench.debezium import TOMBSTONE, Message
from jobmatch_assets_tests.bench.workbench import Workbench

_SEED = 7
_PARTS = 4


def deliver(
    messages: Sequence[Message], folder: Path, instance: dg.DagsterInstance, arrivals: int = 1
) -> Workbench:
    """A platform that got the messages in so many arrivals, each followed by a run."""
    dates = [message.at.date() for message in messages]
    bench = Workbench(
        folder,
        instance,
        # What rows say of themselves lies some days back.
        JOBMATCH_PARTITIONS_START=str(min(dates) - dt.timedelta(days=7)),
        JOBMATCH_PARTITIONS_END=str(max(dates) + dt.timedelta(days=1)),
    )
    (bench.landing / "events").mkdir(parents=True)
    files = list(files_of(messages).items())
    Random(_SEED).shuffle(files)
    for arrival in range(arrivals):
        for name, content in files[arrival::arrivals]:
            path = bench.landing / "entities" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        bench.run()
    bench.keep_open()
    return bench


def files_of(messages: Sequence[Message]) -> dict[str, str]:
    """{name: content} of files with all messages: shuffled, some sent twice, a tombstone after each delete."""
    random = Random(_SEED)
    sent = []
    for message in messages:
        lines = [message.line(), *([TOMBSTONE] if message.envelope["op"] == "d" else [])]
        # What is sent again is sent later.
        lines += [message.line(delay=60_000)] if random.random() < 0.2 else []
        sent += [(message.table, message.at.date(), line) for line in lines]
    random.shuffle(sent)
    files = {}
    for (table, date), group in groupby(sorted(sent, key=lambda one: one[:2]), lambda one: one[:2]):
        lines = [line + "\n" for _, _, line in group]
        for part in range(_PARTS):
            files[f"{table}/dt={date}/part-{part}.ndjson"] = "".join(lines[part::_PARTS])
    return files
