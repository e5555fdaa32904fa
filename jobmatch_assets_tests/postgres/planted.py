"""What a product writes: cases that must be there, whatever happens at random beside them."""

import datetime as dt
from random import Random

from jobmatch_assets_tests.bench.logical_log import Row
from jobmatch_assets_tests.bench.postgres import Postgres, Session
from jobmatch_assets_tests.postgres.random_rows import long_text, random_row
from jobmatch_assets_tests.postgres.writers import delete, insert, update

INTERLEAVED = ("interleaved first", "interleaved last")
REINSERTED = "came back"
ROLLED_BACK = "never there"
PASSING = "there and gone"
RENAMED = ("old key", "new key")
LONG_TEXTS = "long texts"
WAITED_FOR = "waited for"
DELETED = "deleted"
COPIED = tuple(f"copied {number}" for number in range(5))


def plant(server: Postgres, now: dt.datetime) -> None:
    """Write all of them; nothing else writes to their rows."""
    random = Random("planted")
    one, two = server.session(), server.session()
    _interleave(one, two, random, now)
    _wait(server, one, two, random, now)
    _come_and_go(one, random, now)
    _keep_long_texts(one, random, now)
    # The rows of one COPY share one place in the log.
    lines = "".join(f"{key}\tcopied\n" for key in COPIED)
    one.run(f"copy company (company_id, name) from stdin;\n{lines}\\.\nselect 1")


def _company(random: Random, key: str, now: dt.datetime, **columns: str) -> Row:
    return random_row(random, "company", key, now) | columns


def _name(key: str, name: str) -> str:
    return update("company", key, {"name": name})


def _interleave(one: Session, two: Session, random: Random, now: dt.datetime) -> None:
    """Two transactions write in turns, and the one that began first is committed last."""
    for key in INTERLEAVED:
        one.run(insert("company", _company(random, key, now)))
    last, first = INTERLEAVED[1], INTERLEAVED[0]
    one.run("begin")
    one.run(_name(last, "one"))
    two.run("begin")
    two.run(_name(first, "two"))
    one.run(_name(last, "one again"))
    two.run("commit")
    two.run(_name(first, "two alone"))
    one.run("commit")


def _wait(server: Postgres, one: Session, two: Session, random: Random, now: dt.datetime) -> None:
    """A transaction waits for a row: once for one that is rolled back, then for one that is committed."""
    one.run(insert("company", _company(random, WAITED_FOR, now)))
    for end in ("rollback", "commit"):
        one.run("begin")
        one.run(_name(WAITED_FOR, f"one, {end}"))
        two.send(_name(WAITED_FOR, f"two, after {end}"))
        server.wait_until_somebody_waits_for(one)
        one.run(end)
        two.receive()


def _come_and_go(one: Session, random: Random, now: dt.datetime) -> None:
    row = _company(random, REINSERTED, now)
    one.run(insert("company", row))
    one.run(delete("company", REINSERTED))
    one.run(insert("company", row))
    one.run("begin")
    one.run(delete("company", REINSERTED))
    one.run(insert("company", row | {"name": "other"}))
    one.run("commit")

    one.run("begin")
    one.run(insert("company", _company(random, ROLLED_BACK, now)))
    one.run("rollback")

    one.run("begin")
    one.run(insert("company", _company(random, PASSING, now)))
    one.run(_name(PASSING, "still there"))
    one.run(delete("company", PASSING))
    one.run("commit")

    one.run(insert("company", _company(random, RENAMED[0], now)))
    one.run(update("company", RENAMED[0], {"company_id": RENAMED[1]}))
    one.run(_name(RENAMED[1], "renamed"))

    for table, key in (
        ("company", DELETED),
        ("application", "77"),
        ("campaign", "77"),
        ("placement", DELETED),
    ):
        one.run(insert(table, random_row(random, table, key, now)))
        one.run(delete(table, key))


def _keep_long_texts(one: Session, random: Random, now: dt.datetime) -> None:
    """Updates that leave a long text and a long list as they are, alone and after others in one transaction."""
    skills = [f"{number} {random.random()}" for number in range(400)]
    row = random_row(random, "job", LONG_TEXTS, now) | {"description": long_text(random), "skills": skills}
    one.run(insert("job", row))
    one.run(update("job", LONG_TEXTS, {"title": "other"}))
    one.run("begin")
    one.run(update("job", LONG_TEXTS, {"description": long_text(random)}))
    one.run(update("job", LONG_TEXTS, {"title": "third"}))
    one.run("commit")
    one.run(update("job", LONG_TEXTS, {"url": "https://example.org/"}))
    one.run(update("job", LONG_TEXTS, {"description": None}))
    one.run(update("job", LONG_TEXTS, {"description": "short"}))
