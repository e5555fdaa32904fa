{{ config(**replace_window_config('event_date', cluster_by=['event_id'])) }}

with kept as (

    select
        event_date,
        event_id,
        _source_dt,
        _source_file,
        _source_sha256,
        _source_line
    from {{ ref('events') }}
    where {{ in_window('event_date') }}

),

-- Equal lines have one date and lose to the same line: a copy of a kept line is among those that lost to it.
candidates as (

    select
        kept.event_date,
        kept.event_id,
        kept._source_file,
        kept._source_sha256,
        kept._source_line,
        duplicates._source_dt as copy_dt,
        duplicates._source_file as copy_file,
        duplicates._source_sha256 as copy_sha256,
        duplicates._source_line as copy_line
    from {{ ref('events_duplicates') }} as duplicates
    inner join kept
        on
            duplicates.event_date = kept.event_date
            and duplicates.event_id = kept.event_id
            and duplicates.better_source_file = kept._source_file
            and duplicates.better_source_sha256 = kept._source_sha256
            and duplicates.better_source_line = kept._source_line
    where
        {{ in_window('duplicates.event_date') }}
        and duplicates._source_dt < kept._source_dt

),

lines as (

    select
        event_id,
        event_date,
        _source_file,
        _source_sha256,
        _source_line,
        raw_line
    from {{ ref('stg_events') }} as stg_events
    where
        reason is null
        and event_id in (select candidates.event_id from candidates)
        and {{ staged_in_window('stg_events') }}

)

select
    candidates.event_date,
    candidates.event_id,
    min(candidates.copy_dt) as first_source_dt
from candidates
inner join lines as kept_lines
    on
        candidates.event_date = kept_lines.event_date
        and candidates.event_id = kept_lines.event_id
        and candidates._source_file = kept_lines._source_file
        and candidates._source_sha256 = kept_lines._source_sha256
        and candidates._source_line = kept_lines._source_line
inner join lines as copies
    on
        candidates.event_date = copies.event_date
        and candidates.event_id = copies.event_id
        and candidates.copy_file = copies._source_file
        and candidates.copy_sha256 = copies._source_sha256
        and candidates.copy_line = copies._source_line
where kept_lines.raw_line = copies.raw_line
group by candidates.event_date, candidates.event_id
