-- Nothing is lost and nothing counted twice: by file and date, and by file over all dates,
-- lines staged = rows in silver + duplicates + quarantined. The latter sees a line that stands under two
-- dates.
{{ config(meta={'dagster': {'ref': {'name': 'events'}}}) }}
{%- set outcomes = ['events', 'events_duplicates', 'events_quarantine'] %}

with counted as (

    select
        event_date,
        _source_dt,
        _source_file,
        _source_sha256,
        'staged' as outcome,
        count(*) as lines
    from {{ ref('stg_events') }} as stg_events
    where {{ staged_in_window('stg_events') }}
    group by event_date, _source_dt, _source_file, _source_sha256
    {%- for outcome in outcomes %}
    union all
    select
        event_date,
        _source_dt,
        _source_file,
        _source_sha256,
        '{{ outcome }}' as outcome,
        count(*) as lines
    from {{ ref(outcome) }}
    where {{ in_window('event_date') }}
    group by event_date, _source_dt, _source_file, _source_sha256
    {%- endfor %}

),

by_file as (

    select
        event_date,
        _source_file,
        sum(case when outcome = 'staged' then lines else 0 end) as staged_lines,
        {%- for outcome in outcomes %}
        sum(case when outcome = '{{ outcome }}' then lines else 0 end)
            as {{ outcome }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
    group by event_date, _source_file, _source_sha256

),

-- Files of which every line has its final date.
files_of_window as (

    select
        counted._source_file,
        counted._source_sha256,
        min(counted.event_date) as event_date
    from counted
    inner join {{ source('bronze', 'files') }} as files
        on counted._source_dt = files.dt and counted._source_sha256 = files.sha256
    where files.feed = 'events' and files.staged
    group by counted._source_file, counted._source_sha256

),

-- Dates that will still be built, in this run or when they have a partition.
waiting_dates as (

    select queue.event_date
    from {{ source('bronze', 'rebuild_queue') }} as queue
    where queue.stage = 'silver' and queue.feed = 'events' and not ({{ in_window('queue.event_date') }})

),

over_all_dates as (

    select
        _source_file,
        _source_sha256,
        'staged' as outcome,
        count(*) as lines
    from {{ ref('stg_events') }}
    where
        {{ since_window('_source_dt', 1) }}
        and _source_dt in (select counted._source_dt from counted)
        and event_date not in (select waiting_dates.event_date from waiting_dates)
        and {{ near_window('event_date') }}
    group by _source_file, _source_sha256
    {%- for outcome in outcomes %}
    union all
    select
        _source_file,
        _source_sha256,
        '{{ outcome }}' as outcome,
        count(*) as lines
    from {{ ref(outcome) }}
    where
        {{ near_window('event_date') }}
        and _source_dt in (select counted._source_dt from counted)
        and event_date not in (select waiting_dates.event_date from waiting_dates)
    group by _source_file, _source_sha256
    {%- endfor %}

),

by_file_over_all_dates as (

    select
        files_of_window.event_date,
        files_of_window._source_file,
        sum(case when over_all_dates.outcome = 'staged' then over_all_dates.lines else 0 end) as staged_lines,
        {%- for outcome in outcomes %}
        sum(case when over_all_dates.outcome = '{{ outcome }}' then over_all_dates.lines else 0 end)
            as {{ outcome }}{{ ',' if not loop.last }}
        {%- endfor %}
    from files_of_window
    inner join over_all_dates
        on
            files_of_window._source_file = over_all_dates._source_file
            and files_of_window._source_sha256 = over_all_dates._source_sha256
    group by files_of_window.event_date, files_of_window._source_file, files_of_window._source_sha256

)

-- A file whose lines have one date is counted twice, and told once.
select *
from by_file
where staged_lines <> events + events_duplicates + events_quarantine
union distinct
select *
from by_file_over_all_dates
where staged_lines <> events + events_duplicates + events_quarantine
