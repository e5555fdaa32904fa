"""Which dates change when files are staged: the statements that fill the rebuild queue on DuckDB.

A day is staged again when a file of it arrives, or when somebody asks for it; by other settings its lines may
then be read otherwise. So what was staged is kept until it is compared with what is.
"""

_KEPT = """
    select
        _source_dt, _source_sha256, _source_line, event_id, event_date, search_id, experiments, reason,
        hash(lines) as line_hash
    from job_matching_silver.stg_events as lines
"""

STAGED_BEFORE = f"create table if not exists job_matching_bronze.staged_before as {_KEPT} limit 0"

KEEP_STAGED = f"""
insert into job_matching_bronze.staged_before by name
{_KEPT}
    where list_contains($days, _source_dt) and (_source_dt, _source_sha256) in (
        select dt, sha256 from job_matching_bronze.files where staged and outcome = 'loaded'
    )
"""

NEW_LINES = """
    select lines.event_id, lines.event_date, lines.search_id, lines.experiments, lines.reason
    from job_matching_silver.stg_events as lines
    inner join job_matching_bronze.files as files
        on lines._source_dt = files.dt and lines._source_sha256 = files.sha256
    where not files.staged and files.outcome = 'loaded' and list_contains($days, files.dt)
"""

# As they were, and as they are now.
CHANGED_LINES = """
    select lines.event_id, lines.event_date, lines.search_id, lines.experiments, lines.reason
    from job_matching_silver.stg_events as lines
    left join job_matching_bronze.staged_before as earlier
        on
            lines._source_dt = earlier._source_dt
            and lines._source_sha256 = earlier._source_sha256
            and lines._source_line = earlier._source_line
            and hash(lines) = earlier.line_hash
    where
        earlier.line_hash is null
        and (lines._source_dt, lines._source_sha256) in (
            select dt, sha256 from job_matching_bronze.files
            where not staged and outcome = 'loaded' and list_contains($days, dt)
        )
    union all
    select earlier.event_id, earlier.event_date, earlier.search_id, earlier.experiments, earlier.reason
    from job_matching_bronze.staged_before as earlier
    left join job_matching_silver.stg_events as lines
        on
            lines._source_dt = earlier._source_dt
            and lines._source_sha256 = earlier._source_sha256
            and lines._source_line = earlier._source_line
            and hash(lines) = earlier.line_hash
    where lines._source_line is null and list_contains($days, earlier._source_dt)
"""

TOUCHED_DATES = """
with new_lines as (
    {new_lines}
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
        and abs(lines.event_date - new_events.event_date) <= $dedup_window_days
        and lines.event_date between (select min(event_date) from new_events) - $dedup_window_days
        and (select max(event_date) from new_events) + $dedup_window_days
),
changed_lines as (
    select event_date, search_id, experiments from new_events
    union all
    select event_date, search_id, experiments from rivals
),
changed as (
    select distinct event_date, search_id from changed_lines
),
-- The 24 hours after a search or an impression reach into the next date.
reached as (
    select event_date, event_date as cause_date from changed
    union
    select event_date - 1, event_date from changed
),
-- A result list may lie on any date, and so may the clicks that it explains.
linked as (
    select distinct found.event_date, changed.event_date as cause_date
    from job_matching_silver.stg_search_dates as found
    inner join changed on found.search_id = changed.search_id
    where found.event_date not in (changed.event_date, changed.event_date - 1)
),
-- An event without an experiment changes no results.
stamps as (
    select distinct event_date, unnest(experiments).experiment_id as experiment_id from changed_lines
),
to_build as (
    select 'silver' as layer, event_date, event_date as cause_date, null as experiment_id from new_lines
    union
    select 'silver', event_date, event_date, null from rivals
    union
    select 'gold', event_date, cause_date, null from reached
    union
    select 'gold', event_date, cause_date, null from linked
    union
    select 'experiments', event_date, event_date, experiment_id from stamps
)
insert into job_matching_bronze.rebuild_queue (layer, event_date, cause_date, request_id, experiment_id)
select to_build.layer, to_build.event_date, to_build.cause_date, $request_id, to_build.experiment_id
from to_build
where
    to_build.event_date is not null
    and (to_build.layer <> 'gold' or to_build.event_date in (
        select event_date from job_matching_silver.stg_events
        union
        select event_date from changed
    ))
"""
