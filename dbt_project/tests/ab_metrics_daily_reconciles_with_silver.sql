-- Units and events of a variant are those of the events that are stamped with it.
{{ config(meta={'dagster': {'ref': {'name': 'ab_metrics_daily'}}}) }}
{%- set counts = ['units', 'impressions', 'clicks', 'applies'] %}

-- The filter stands apart from the unnesting: side by side, DuckDB makes a join of them.
with events as (

    select
        event_date,
        event_name,
        unit_id,
        experiments
    from {{ ref('events') }}
    where event_name in ({{ quoted_list(event_names()) }}) and {{ in_window('event_date') }}

),

silver as (

    select
        events.event_date,
        stamp.experiment_id,
        stamp.variant,
        count(distinct events.unit_id) as units,
        sum(case when events.event_name = 'impression' then 1 else 0 end) as impressions,
        sum(case when events.event_name = 'click' then 1 else 0 end) as clicks,
        sum(case when events.event_name = 'apply' then 1 else 0 end) as applies
    from events
    cross join {{ unnested('events.experiments', 'stamp') }}
    group by events.event_date, stamp.experiment_id, stamp.variant

),

gold as (

    select
        event_date,
        experiment_id,
        variant,
        units,
        impressions,
        clicks,
        applies
    from {{ ref('ab_metrics_daily') }}
    where {{ in_window('event_date') }}

)

select
    coalesce(gold.event_date, silver.event_date) as event_date,
    coalesce(gold.experiment_id, silver.experiment_id) as experiment_id,
    coalesce(gold.variant, silver.variant) as variant,
    {%- for column in counts %}
    coalesce(gold.{{ column }}, 0) as {{ column }},
    coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from gold
full outer join silver
    on
        gold.event_date = silver.event_date
        and gold.experiment_id = silver.experiment_id
        and gold.variant = silver.variant
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}coalesce(gold.{{ column }}, 0) <> coalesce(silver.{{ column }}, 0)
    {%- endfor %}
