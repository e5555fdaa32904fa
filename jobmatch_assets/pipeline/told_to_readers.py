"""What readers of the published copy must know beside its tables: dates that are held back, checks that fail.

Messages name checks, tables and dates, and nothing that stands in a row or a line: what was found is told
where people may see it, in the Dagster UI and in bronze.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from jobmatch_assets.contracts.control_tables import FAILING_CHECKS
from jobmatch_assets.contracts.feed import FEEDS, Feed
from jobmatch_assets.contracts.published_tables import FAILING, HELD_BACK
from jobmatch_assets.contracts.schemas import BRONZE_SCHEMA
from jobmatch_assets.dates import NO_DATE, DateRange
from jobmatch_assets.pipeline.plan import daily_columns
from jobmatch_assets.pipeline.ready import Ready, held_back_stages
from jobmatch_assets.pipeline.session import Session
from jobmatch_assets.pipeline.stages import BRONZE, SILVER, STAGES, Stage, stage_named
from jobmatch_assets.warehouse.control.findings import FailingCheck
from jobmatch_assets.warehouse.port import Row

_MOST_CHECKS = 3

_Causes = dict[tuple[dt.date | None, Stage], list[FailingCheck]]
"""{date and stage that are held back: the checks that do it}."""


def failing_rows(ready: Ready) -> list[Row]:
    """Every partition that fails a check, as the copy tells it."""
    return [
        FAILING.row(
            check.asset,
            check.check_name,
            _date(check),
            check.is_blocking,
            check.since,
            f"{_failed(check)}. It {'holds back what is built from it' if check.is_blocking else 'warns'}: "
            f"the Dagster UI and {BRONZE_SCHEMA}.{FAILING_CHECKS.name} say what was found.",
        )
        for check in ready.failing
    ]


def held_back_rows(session: Session, ready: Ready) -> list[Row]:
    """Every date that a stage lacks, with what holds it back."""
    causes: _Causes = {}
    blocking = [check for check in ready.failing if check.is_blocking]
    for check in blocking:
        if stage_named(check.stage).waits_for_checks:
            causes.setdefault((_date(check), stage_named(check.stage)), []).append(check)
    own = set(causes)
    for stage in held_back_stages():
        for feed in FEEDS:
            for date, found in _waiting(session, ready, stage, feed, blocking, causes):
                if (date, stage) not in own:
                    known = causes.setdefault((date, stage), [])
                    known += [check for check in found if check not in known]
    return [
        _row(date, stage, sorted(checks, key=_order), is_own=(date, stage) in own)
        for (date, stage), checks in causes.items()
    ]


def _waiting(
    session: Session,
    ready: Ready,
    stage: Stage,
    feed: Feed,
    blocking: Sequence[FailingCheck],
    known: _Causes,
) -> Iterator[tuple[dt.date | None, list[FailingCheck]]]:
    """Dates that wait in a stage and cannot be built, each with the checks of what it reads."""
    held = ready.held_back(stage, feed)
    if not held:
        return
    read = session.plan.stages_read(stage)
    upstream = [check for check in blocking if stage_named(check.stage) in read]
    if stage.is_whole:
        yield None, upstream
    elif stage.since:
        unsound = ready.first_unsound_date(stage, feed)
        found = [check for check in upstream if check.partition_date == unsound]
        for earlier in sorted(read, key=STAGES.index):
            found += [check for check in known.get((unsound, earlier), ()) if check not in found]
        for date in DateRange(min(held), _last_date(session, stage, feed, held)).days:
            yield date, found
    else:
        for entry in ready.waiting(stage, feed):
            if entry.event_date in held:
                days = {entry.cause_date, *ready.days_read(stage, feed, entry.event_date)}
                found = [check for check in upstream if check.partition_date in days]
                for partition in stage.partitions_of([entry.event_date]):
                    yield partition, [check for check in found if check.stage != BRONZE.name]


def _last_date(session: Session, stage: Stage, feed: Feed, held: Collection[dt.date]) -> dt.date:
    """The last date of a stage whose dates add up all before: it is held back like the first."""
    names = session.plan.upstream(stage, feed) | {table.name for table in session.plan.of_stage(stage, feed)}
    columns = daily_columns(session.plan.tables[name] for name in sorted(names))
    return max(session.warehouse.dates_between(columns, min(held), session.partitions.last) | set(held))


def _row(date: dt.date | None, stage: Stage, checks: Sequence[FailingCheck], is_own: bool) -> Row:
    first = checks[0] if checks else None
    return HELD_BACK.row(
        date,
        stage.name,
        first.check_name if first else None,
        first.since if first else None,
        _message(stage, checks, is_own),
    )


def _message(stage: Stage, checks: Sequence[FailingCheck], is_own: bool) -> str:
    told = "; ".join(map(_failed, checks[:_MOST_CHECKS]))
    if len(checks) > _MOST_CHECKS:
        told += f"; and {len(checks) - _MOST_CHECKS} more"
    if not told:
        return "Missing, or as before: what it is built from is not built itself yet."
    if not is_own:
        return f"Missing, or as before, until what it is built from passes: {told}."
    if stage == BRONZE:
        return f"Lines of files of the day are missing: {told}."
    if stage == SILVER:
        return f"Nothing is built from the date until it passes: {told}."
    return f"The rows published before stay until the date passes: {told}."


def _failed(check: FailingCheck) -> str:
    day = _date(check)
    return f"{check.check_name} of {check.asset} fails" + (f" for {day}" if day else "")


def _date(check: FailingCheck) -> dt.date | None:
    return None if check.partition_date == NO_DATE else check.partition_date


def _order(check: FailingCheck) -> tuple[int, str, str, dt.date]:
    return STAGES.index(stage_named(check.stage)), check.asset, check.check_name, check.partition_date
