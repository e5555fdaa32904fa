-- Every unit that was ever active is new on one date.
{{ config(meta={'dagster': {'ref': {'name': 'platform_health_daily'}}}) }}

with gold as (

    select coalesce(sum(new_units), 0) as new_units
    from {{ ref('platform_health_daily') }}
    where platform = '__all__'

),

silver as (

    select count(distinct unit_id) as units
    from {{ ref('events') }}
    where event_name <> 'application_status' and {{ in_any_partition('event_date') }}

)

select
    gold.new_units,
    silver.units
from gold
cross join silver
where gold.new_units <> silver.units
