{{ config(**replace_window_config('event_date', cluster_by=['_source_file'])) }}
{%- set days = dedup_window_days() %}

with built as (

    select event_id
    from {{ ref('stg_events') }} as stg_events
    where reason is null and {{ staged_in_window('stg_events') }}

),

-- Most events come once: only the others are compared, by what they say.
repeated as (

    select event_id
    from {{ ref('stg_events') }} as stg_events
    where
        reason is null
        and {{ staged_in_window('stg_events', days, days) }}
        and event_id in (select built.event_id from built)
    group by event_id
    having count(*) > 1

),

ranked as (

    select
        stg_events.event_id,
        stg_events.event_date,
        stg_events._source_dt,
        stg_events._source_file,
        stg_events._source_sha256,
        stg_events._source_line,
        {{ days_of_date('stg_events.event_date') }} as day_number,
        row_number() over (
            partition by stg_events.event_id
            order by
                stg_events.ingested_at desc nulls last,
                stg_events.event_ts desc,
                stg_events.raw_line desc,
                stg_events._source_file asc,
                stg_events._source_line asc,
                stg_events._source_sha256 asc
        ) as preference
    from {{ ref('stg_events') }} as stg_events
    inner join repeated on stg_events.event_id = repeated.event_id
    where
        stg_events.reason is null
        and {{ staged_in_window('stg_events', days, days) }}

),

compared as (

    select
        *,
        min(preference) over (
            partition by event_id
            order by day_number
            range between {{ days }} preceding and {{ days }} following
        ) as best_preference
    from ranked

)

select
    compared.event_date,
    compared.event_id,
    compared._source_dt,
    compared._source_file,
    compared._source_sha256,
    compared._source_line,
    better._source_file as better_source_file,
    better._source_sha256 as better_source_sha256,
    better._source_line as better_source_line
from compared
inner join compared as better
    on
        compared.event_id = better.event_id
        and compared.best_preference = better.preference
where
    compared.best_preference < compared.preference
    and {{ in_window('compared.event_date') }}
