-- On the dates whose events have changed, else on the last date with events, the facts are these events,
-- whatever they are joined with.
{{ config(meta={'dagster': {'ref': {'name': 'fact_event'}}}) }}
{%- set has_touched = is_for_touched_dates() and var('touched') %}
{%- set is_looked_at = in_touched('event_date') if has_touched
    else 'event_date in (select last_dates.event_date from last_dates)' %}

with last_dates as (

    select max(event_date) as event_date
    from {{ ref('events') }}
    where {{ in_any_partition('event_date') }}

),

silver as (

    select
        event_date,
        event_name,
        count(*) as events
    from {{ ref('events') }}
    where
        {{ in_any_partition('event_date') }}
        and {{ is_looked_at }}
        and event_name in ({{ quoted_list(fact_event_names()) }})
    group by event_date, event_name

),

gold as (

    select
        event_date,
        event_name,
        count(*) as facts
    from {{ ref('fact_event') }}
    where
        {{ in_any_partition('event_date') }}
        and {{ is_looked_at }}
    group by event_date, event_name

)

select
    coalesce(silver.event_date, gold.event_date) as event_date,
    coalesce(silver.event_name, gold.event_name) as event_name,
    coalesce(silver.events, 0) as events,
    coalesce(gold.facts, 0) as facts
from silver
full outer join gold on silver.event_date = gold.event_date and silver.event_name = gold.event_name
where coalesce(silver.events, 0) <> coalesce(gold.facts, 0)
