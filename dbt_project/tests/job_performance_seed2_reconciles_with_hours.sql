-- By hour and job, both tables count the same events, whatever ids they stand under.
{{ config(meta={'dagster': {'ref': {'name': 'job_performance_seed2'}}}) }}

with own as (

    select
        dates,
        hours,
        job_id,
        {%- for column in counts_of_deeds() %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_performance_seed2') }}
    where {{ is_looked_at('dates') }}
    group by dates, hours, job_id

),

resolved as (

    select
        event_date,
        hour,
        job_id,
        {%- for column in counts_of_deeds() %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_performance_hourly') }}
    where {{ is_looked_at('event_date') }}
    group by event_date, hour, job_id

)

select
    coalesce(own.dates, resolved.event_date) as dates,
    coalesce(own.hours, resolved.hour) as hours,
    coalesce(own.job_id, resolved.job_id) as job_id,
    {%- for column in counts_of_deeds() %}
    coalesce(own.{{ column }}, 0) as {{ column }},
    coalesce(resolved.{{ column }}, 0) as {{ column }}_of_hours{{ ',' if not loop.last }}
    {%- endfor %}
from own
full outer join resolved
    on own.dates = resolved.event_date and own.hours = resolved.hour and own.job_id = resolved.job_id
where
    {%- for column in counts_of_deeds() %}
    {{ 'or ' if not loop.first }}coalesce(own.{{ column }}, 0) <> coalesce(resolved.{{ column }}, 0)
    {%- endfor %}
