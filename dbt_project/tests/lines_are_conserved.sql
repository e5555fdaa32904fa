-- Nothing is lost and nothing counted twice: by file and date,
-- lines staged = rows in silver + duplicates + quarantined.
{{ config(meta={'dagster': {'ref': {'name': 'events'}}}) }}
{%- set outcomes = ['events', 'events_duplicates', 'events_quarantine'] %}

with counted as (

    select
        event_date,
        _source_file,
        _source_sha256,
        'staged' as outcome
    from {{ ref('stg_events') }} as stg_events
    where {{ staged_in_window('stg_events') }}
    {%- for outcome in outcomes %}
    union all
    select
        event_date,
        _source_file,
        _source_sha256,
        '{{ outcome }}' as outcome
    from {{ ref(outcome) }}
    where {{ in_window('event_date') }}
    {%- endfor %}

),

by_file as (

    select
        event_date,
        _source_file,
        sum(case when outcome = 'staged' then 1 else 0 end) as staged_lines,
        {%- for outcome in outcomes %}
        sum(case when outcome = '{{ outcome }}' then 1 else 0 end) as {{ outcome }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
    group by event_date, _source_file, _source_sha256

)

select *
from by_file
where staged_lines <> events + events_duplicates + events_quarantine
