-- By date, the events that the six columns count are those of silver.
{{ config(meta={'dagster': {'ref': {'name': 'job_performance_hourly'}}}) }}

with silver as (

    select
        event_date,
        {%- for column in performance_counts() %}
        sum(case when {{ is_counted_as(column) }} then 1 else 0 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('events') }}
    where
        {{ in_any_partition('event_date') }}
        and job_id is not null
        and {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by event_date

),

gold as (

    select
        event_date,
        {%- for column in performance_counts() %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_performance_hourly') }}
    where {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by event_date

)

select
    coalesce(silver.event_date, gold.event_date) as event_date,
    {%- for column in performance_counts() %}
    coalesce(gold.{{ column }}, 0) as {{ column }},
    coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from silver
full outer join gold on silver.event_date = gold.event_date
where
    {%- for column in performance_counts() %}
    {{ 'or ' if not loop.first }}coalesce(gold.{{ column }}, 0) <> coalesce(silver.{{ column }}, 0)
    {%- endfor %}
