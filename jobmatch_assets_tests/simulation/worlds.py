"""Entity files read back in plain Python: which states of which entities they tell of."""

import csv
import io
import json
import re
from collections import defaultdict

from jobmatch_assets.contracts.entities.tables import ENTITY_TABLES, entity_table_of

_PLACEHOLDER = "__debezium_unavailable_value"
_NAME = re.compile(
    r"(?:(?P<folder>\w+)/dt=(?P<date>\d{4}-\d\d-\d\d)/|(?:(?P<flat>\w+)/)?(?P<day>\d{8})_)"
    r"(?P<name>[\w-]+)(?P<dump>\.snapshot(?:-\d+-of-\d+)?)?\.(?P<format>ndjson|csv)"
)


def files_of(contents):
    """(table, date, name, whether it is a dump, bytes) of every entity file but the broken ones."""
    found = []
    for path, data in contents.items():
        if path.startswith("landing/entities/"):
            match = _NAME.fullmatch(path.removeprefix("landing/entities/"))
            assert match, path
            table = entity_table_of(match["folder"] or match["flat"] or match["name"])
            day = match["day"]
            date = match["date"] or f"{day[4:]}-{day[2:4]}-{day[:2]}"
            if match["name"] != "broken":
                found.append((table, date, match["name"], match["dump"] is not None, data))
    return found


def lines(data):
    return [json.loads(line) for line in data.splitlines() if line != b"null"]


def cells(table, row):
    """A row as CSV would show it: texts, without columns that are empty."""
    kinds = {column.name: column for column in table.columns}
    shown = {}
    for name, value in row.items():
        if isinstance(value, bool):
            shown[name] = str(value).lower()
        elif isinstance(value, list) and kinds[name].kind != "location":
            shown[name] = "|".join(value)
        elif isinstance(value, list):
            shown[name] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        elif value is not None and value != "":
            shown[name] = str(value)
    return shown


def states_of_changes(contents):
    """{(table, key): [(time, row or None)]}: the log in its order, times that never fall, the last of each time."""
    logs = defaultdict(dict)
    for table, _, _, _, data in files_of(contents):
        for change in lines(data):
            row = change["after"] or change["before"]
            logs[table.name, str(row[table.key.name])][change["source"]["lsn"]] = (table, change)
    states = {}
    for entity, log in logs.items():
        last, states[entity], latest = {}, {}, 0
        for _, (table, change) in sorted(log.items()):
            after = change["after"]
            at = change["source"]["ts_us"] if change["op"] != "r" else 0
            latest = max(at, latest)
            if after is None:
                states[entity][latest] = None
                continue
            row = {k: last.get(k) if v == _PLACEHOLDER else v for k, v in after.items()}
            last = row
            states[entity][latest] = cells(table, row)
    return {entity: list(found.items()) for entity, found in states.items()}


def states_of_rows(contents):
    """The same of rows and deletes that bear their own time."""
    states = defaultdict(dict)
    for table, _, _, _, data in files_of(contents):
        for row in lines(data):
            key = (table.name, str(row[table.key.name]))
            if row.get("__deleted"):
                states[key][row["__source_ts_us"]] = None
            else:
                shown = cells(table, row)
                assert states[key].setdefault(shown["updated_at"], shown) == shown
    return {key: sorted(found.items(), key=lambda s: micros(s[0])) for key, found in states.items()}


def micros(at):
    """A time as microseconds since 1970."""
    import datetime as dt

    if isinstance(at, int):
        return at
    since = dt.datetime.fromisoformat(at) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return since // dt.timedelta(microseconds=1)


def current(states):
    return {entity: found[-1][1] for entity, found in states.items() if found[-1][1] is not None}


def last_dumps(contents, date):
    """What the dumps of a date show."""
    return {
        (table.name, str(row[table.key.name])): cells(table, row)
        for table, day, _, is_dump, data in files_of(contents)
        if is_dump and day == date
        for row in lines(data)
    }


def last_csv_rows(contents):
    """Of each key the row with the latest time, without those that are deleted later."""
    newest, gone = {}, {}
    for table, _, name, _, data in files_of(contents):
        for row in csv.DictReader(io.StringIO(data.decode(), newline="")):
            key = (table.name, row[table.key.name])
            if name == "deleted":
                gone[key] = int(row["__source_ts_us"])
            elif key not in newest or micros(row["updated_at"]) > micros(newest[key]["updated_at"]):
                newest[key] = {column: cell for column, cell in row.items() if cell}
    return {key: row for key, row in newest.items() if gone.get(key, -1) < micros(row["updated_at"])}


TRACKED = {table.name: [column.name for column in table.tracked] for table in ENTITY_TABLES}


def versions(states):
    """{(table, key): [(row, whether a delete ends it)]}: states that differ in a tracked column."""
    found = {}
    for (table, key), history in states.items():
        kept, before = [], None
        for _, row in history:
            now = row and {name: row.get(name) for name in TRACKED[table]}
            if row is None and kept:
                kept[-1] = (kept[-1][0], True)
            elif row is not None and now != before:
                kept.append((now, False))
            before = now
        found[table, key] = kept
    return found
