"""A history as the change log of PostgreSQL, in Debezium's envelopes."""

import numpy as np

from jobmatch_assets.simulation.arrays import Texts, texts
from jobmatch_assets.simulation.world.cells import json_rows
from jobmatch_assets.simulation.world.changes import DELETED, READ, History, Period
from jobmatch_assets.simulation.world.clock import readings
from jobmatch_assets.simulation.world.values import dumped

STREAM = "jobmatch"
_UNAVAILABLE = dumped("__debezium_unavailable_value")
_TOAST_LENGTH = 2000
_OPS = ("r", "c", "u", "d")
_FIRST_LSN = 1 << 24


def envelopes(history: History, period: Period) -> Texts:
    """Every state as an envelope, without the end of the line.

    The log's position rises with true time, the commit time is what the clock showed. Long texts that
    an update did not touch are not in it, as with PostgreSQL's TOAST.
    """
    is_read = history.kind == READ
    happened = np.where(is_read, period.start, history.happened)
    commit = readings(period.steps, happened)
    position = _FIRST_LSN + np.where(is_read, 0, happened - period.start + 1)
    after = json_rows(_without_long_texts(history))
    key = history.table.key
    about = f'"version":"2.7.3.Final","connector":"postgresql","name":"{STREAM}","db":"{STREAM}"'
    about += f',"schema":"public","table":"{history.table.plural}"'
    return texts(
        (
            f'{{"before":{{"{key}":{name}}},"after":null'
            if kind == DELETED
            else f'{{"before":null,"after":{row}'
        )
        + f',"source":{{{about},"snapshot":"{"true" if kind == READ else "false"}","lsn":{lsn},'
        + f'"ts_ms":{at // 1000},"ts_us":{at}}},"op":"{_OPS[kind]}","ts_ms":{seen // 1000 + 250}}}'
        for name, row, kind, at, lsn, seen in zip(
            history.columns[key].tolist(),
            after.tolist(),
            history.kind.tolist(),
            commit.tolist(),
            position.tolist(),
            happened.tolist(),
            strict=True,
        )
    )


def _without_long_texts(history: History) -> History:
    hashed = history.table.hashed
    if hashed is None or not len(history):
        return history
    column = history.columns[hashed].copy()
    long = np.array([len(text) > _TOAST_LENGTH for text in column.tolist()], dtype=np.bool_)
    untouched = np.zeros(len(history), dtype=np.bool_)
    untouched[1:] = (history.entity[1:] == history.entity[:-1]) & (column[1:] == column[:-1])
    column[long & untouched] = _UNAVAILABLE
    return History(
        *(history.table, history.entity, history.happened, history.stamped, history.kind),
        columns={**history.columns, hashed: column},
    )
