"""Which dates the lines of new files touch: what fills the rebuild queue on BigQuery.

The same as `touched_dates` says for DuckDB, but for what may be read. BigQuery leaves out partitions and
blocks only where a statement names dates. So one query finds the dates of the new lines, and the statement
that looks for lines which belong to them names these dates and their surroundings.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.port import request_of

_ONE_DAY = dt.timedelta(days=1)

_LINE_HASH = "farm_fingerprint(to_json_string(lines))"

_KEPT = f"""
select
    lines._source_dt, lines._source_sha256, lines._source_line, lines.event_id, lines.event_date,
    lines.search_id, lines.experiments, lines.reason, {_LINE_HASH} as line_hash
from job_matching_silver.stg_events as lines
"""

_STAGED_BEFORE = f"""
create table if not exists job_matching_bronze.staged_before
as {_KEPT} where lines._source_dt = date '0001-01-01'
"""

_STAGED_FILES = """(
    select concat(cast(files.dt as string), files.sha256)
    from job_matching_bronze.files as files
    where files.staged and files.outcome = 'loaded' and files.dt in ({days})
)"""

# What a run that was stopped has kept of files that are still staged is kept anew.
_FORGET_STAGED = f"""
delete from job_matching_bronze.staged_before as earlier
where concat(cast(earlier._source_dt as string), earlier._source_sha256) in {_STAGED_FILES}
"""

_KEEP_STAGED = f"""
insert into job_matching_bronze.staged_before
(_source_dt, _source_sha256, _source_line, event_id, event_date, search_id, experiments, reason, line_hash)
{_KEPT}
where
    lines._source_dt in ({{days}})
    and concat(cast(lines._source_dt as string), lines._source_sha256) in {_STAGED_FILES}
"""

# Lines that are new or say something else than when they were staged before: as they were, and as they are.
_CHANGED_LINES = f"""
    select lines._source_dt, lines._source_sha256, lines.event_id, lines.event_date, lines.search_id,
        lines.experiments, lines.reason
    from job_matching_silver.stg_events as lines
    inner join job_matching_bronze.files as files
        on lines._source_dt = files.dt and lines._source_sha256 = files.sha256
    left join job_matching_bronze.staged_before as earlier
        on
            lines._source_dt = earlier._source_dt
            and lines._source_sha256 = earlier._source_sha256
            and lines._source_line = earlier._source_line
            and {_LINE_HASH} = earlier.line_hash
    where
        lines._source_dt in ({{days}})
        and not files.staged
        and files.outcome = 'loaded'
        and earlier.line_hash is null
    union all
    select earlier._source_dt, earlier._source_sha256, earlier.event_id, earlier.event_date,
        earlier.search_id, earlier.experiments, earlier.reason
    from job_matching_bronze.staged_before as earlier
    left join (
        select lines._source_dt, lines._source_sha256, lines._source_line, {_LINE_HASH} as line_hash
        from job_matching_silver.stg_events as lines
        where lines._source_dt in ({{days}})
    ) as lines
        on
            lines._source_dt = earlier._source_dt
            and lines._source_sha256 = earlier._source_sha256
            and lines._source_line = earlier._source_line
            and lines.line_hash = earlier.line_hash
    where lines._source_line is null and earlier._source_dt in ({{days}})
"""

_NEW_FILES = f"""
with new_dates as (
    select distinct changed._source_dt, changed._source_sha256, changed.event_date
    from ({_CHANGED_LINES}) as changed
    where changed.reason is null
)
select distinct files.load_id, new_dates.event_date
from job_matching_bronze.files as files
left join new_dates
    on files.dt = new_dates._source_dt and files.sha256 = new_dates._source_sha256
where not files.staged and files.outcome = 'loaded' and files.dt in ({{days}})
"""

_TOUCHED_DATES = """
insert into job_matching_bronze.rebuild_queue (layer, event_date, cause_date, request_id, experiment_id)
with new_lines as (
    {changed_lines}
),
new_events as (select * from new_lines where reason is null),
-- Lines that may win or lose against a new one, or one that was there.
rivals as (
    select lines.event_id, lines.event_date, lines.search_id, lines.experiments
    from job_matching_silver.stg_events as lines
    inner join (select distinct event_id, event_date from new_events) as new_events
        on lines.event_id = new_events.event_id
    where
        lines.reason is null
        and abs(date_diff(lines.event_date, new_events.event_date, day)) <= @dedup_window_days
        and lines.event_date in ({near_dates})
        and lines._source_dt >= {first_file_day}
),
changed_lines as (
    select event_date, search_id, experiments from new_events
    union all
    select event_date, search_id, experiments from rivals
),
changed as (
    select distinct event_date, search_id from changed_lines
),
-- An event without an experiment changes no results.
stamps as (
    select distinct changed_lines.event_date, stamp.experiment_id
    from changed_lines
    cross join unnest(changed_lines.experiments) as stamp
),
-- The 24 hours after a search or an impression reach into the next date.
reached as (
    select event_date, event_date as cause_date from changed
    union distinct
    select date_sub(changed.event_date, interval 1 day) as event_date, changed.event_date as cause_date
    from changed
    where date_sub(changed.event_date, interval 1 day) in (
        select lines.event_date
        from job_matching_silver.stg_events as lines
        where lines.event_date in ({near_dates}) and lines._source_dt >= {first_file_day}
    )
),
-- A result list may lie on any date, and so may the clicks that it explains.
linked as (
    select distinct found.event_date, changed.event_date as cause_date
    from job_matching_silver.stg_search_dates as found
    inner join changed on found.search_id = changed.search_id
    where
        found._source_dt >= {start}
        and found.event_date not in (changed.event_date, date_sub(changed.event_date, interval 1 day))
),
to_build as (
    select 'silver' as layer, event_date, event_date as cause_date, cast(null as string) as experiment_id
    from new_lines
    union distinct
    select 'silver', event_date, event_date, null from rivals
    union distinct
    select 'gold', event_date, cause_date, null from reached
    union distinct
    select 'gold', event_date, cause_date, null from linked
    union distinct
    select 'experiments', event_date, event_date, experiment_id from stamps
)
select layer, event_date, cause_date, @request_id, experiment_id
from to_build
where event_date is not null
"""


def keep_staged(client: BigQueryClient, days: Collection[dt.date]) -> None:
    """Keep what is staged of these days, until it is compared with what they are staged as next.

    Raises:
        WarehouseError: BigQuery cannot be used.
    """
    client.query(_STAGED_BEFORE)
    for statement in (_FORGET_STAGED, _KEEP_STAGED):
        client.query(statement.format(days=_literals(days)))


def forget_staged(client: BigQueryClient, days: Collection[dt.date]) -> None:
    """It was compared.

    Raises:
        WarehouseError: BigQuery cannot be used.
    """
    client.query(f"delete from job_matching_bronze.staged_before where _source_dt in ({_literals(days)})")


def queue_touched_dates(
    client: BigQueryClient, days: Collection[dt.date], start: dt.date, dedup_window_days: int
) -> None:
    """Queue every date that the not yet staged files of these days touch.

    Args:
        client: The client.
        days: Days that files were written for; their lines are in silver.stg_events.
        start: The first date that is kept.
        dedup_window_days: How far apart two lines of one event may be.

    Raises:
        WarehouseError: BigQuery cannot be used.
    """
    client.query(_STAGED_BEFORE)
    new = client.rows(_NEW_FILES.format(days=_literals(days)))
    if not new:
        return
    # One day more: where the day before a changed date has lines, gold has that day, too.
    near = {
        dt.date.fromordinal(number)
        for _, date in new
        if date is not None
        for number in range(
            max(date.toordinal() - dedup_window_days - 1, dt.date.min.toordinal() + 1),
            min(date.toordinal() + dedup_window_days, dt.date.max.toordinal()) + 1,
        )
    } or {start}
    client.query(
        _TOUCHED_DATES.format(
            changed_lines=_CHANGED_LINES.format(days=_literals(days)),
            near_dates=_literals(near),
            # A file holds no date later than the day after its own.
            first_file_day=_literals([min(near) - _ONE_DAY]),
            start=_literals([start - _ONE_DAY]),
        ),
        dedup_window_days=dedup_window_days,
        request_id=request_of(sorted({load_id for load_id, _ in new})),
    )


def _literals(dates: Iterable[dt.date]) -> str:
    return ", ".join(f"date '{date}'" for date in sorted(dates))
