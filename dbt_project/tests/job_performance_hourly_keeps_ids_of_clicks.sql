-- By date, publisher, campaign and group, clicks are those of silver with these ids: they keep what they
-- name.
{{ config(meta={'dagster': {'ref': {'name': 'job_performance_hourly'}}}) }}

with silver as (

    select
        event_date,
        {%- for id in charged_ids() %}
        coalesce({{ id }}, 0) as {{ id }},
        {%- endfor %}
        count(*) as clicks
    from {{ ref('events') }}
    where
        {{ in_any_partition('event_date') }}
        and event_name = 'click'
        and job_id is not null
        and {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by 1, 2, 3, 4

),

gold as (

    select
        event_date,
        {{ charged_ids() | join(',\n        ') }},
        sum(clicks) as clicks
    from {{ ref('job_performance_hourly') }}
    where {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by event_date, {{ charged_ids() | join(', ') }}

)

select
    coalesce(silver.event_date, gold.event_date) as event_date,
    {%- for id in charged_ids() %}
    coalesce(silver.{{ id }}, gold.{{ id }}) as {{ id }},
    {%- endfor %}
    coalesce(gold.clicks, 0) as clicks,
    coalesce(silver.clicks, 0) as clicks_in_silver
from silver
full outer join gold
    on
        silver.event_date = gold.event_date
        {%- for id in charged_ids() %}
        and silver.{{ id }} = gold.{{ id }}
        {%- endfor %}
where coalesce(gold.clicks, 0) <> coalesce(silver.clicks, 0)
