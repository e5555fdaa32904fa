-- On the last date, units of 1, 7 and 28 dates are those of the events in silver, each platform by itself.
{{ config(meta={'dagster': {'ref': {'name': 'platform_health_daily'}}}) }}

with seen as (

    select
        events.unit_id,
        {{ known('events.platform') }} as platform,
        {{ days_of_date('last_dates.last_date') }} - {{ days_of_date('events.event_date') }} as days_ago
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_dates
    where events.event_name <> 'application_status' and {{ in_any_partition('events.event_date') }}

),

silver as (

    {% for platform in ['platform', "'__all__'"] -%}
    {{ 'union all' if not loop.first }}
    select
        {{ platform }} as platform,
        count(distinct case when days_ago < 1 then unit_id end) as dau,
        count(distinct case when days_ago < 7 then unit_id end) as wau,
        count(distinct unit_id) as mau
    from seen
    where days_ago < 28
    group by 1
    {% endfor %}

),

gold as (

    select health.*
    from {{ ref('platform_health_daily') }} as health
    inner join {{ ref('last_date') }} as last_dates on health.event_date = last_dates.last_date

)

select
    coalesce(gold.platform, silver.platform) as platform,
    gold.dau,
    silver.dau as dau_in_silver,
    gold.wau,
    silver.wau as wau_in_silver,
    gold.mau,
    silver.mau as mau_in_silver
from gold
full outer join silver on gold.platform = silver.platform
where
    gold.platform is null
    or silver.platform is null
    or gold.dau <> silver.dau
    or gold.wau <> silver.wau
    or gold.mau <> silver.mau
