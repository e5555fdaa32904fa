"""Which dates the lines of new files touch: the statement that fills the rebuild queue on DuckDB."""

TOUCHED_DATES = """
with new_lines as (
    select lines.event_id, lines.event_date, lines.search_id, lines.experiments, lines.reason
    from job_matching_silver.stg_events as lines
    inner join job_matching_bronze.files as files
        on lines._source_dt = files.dt and lines._source_sha256 = files.sha256
    where not files.staged and files.outcome = 'loaded' and list_contains($days, files.dt)
),
new_events as (select * from new_lines where reason is null),
-- Lines that were there before and may win or lose against a new one.
rivals as (
    select lines.event_id, lines.event_date, lines.search_id, lines.experiments
    from job_matching_silver.stg_events as lines
    inner join (select distinct event_id, event_date from new_events) as new_events
        on lines.event_id = new_events.event_id
    inner join job_matching_bronze.files as files
        on lines._source_dt = files.dt and lines._source_sha256 = files.sha256
    where
        lines.reason is null
        and files.staged
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
        select distinct event_date from job_matching_silver.stg_events
    ))
"""
