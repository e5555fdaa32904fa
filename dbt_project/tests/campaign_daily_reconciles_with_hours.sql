-- By campaign and date, the counts are those of the hours, and so is what was spent, by currency.
{{ config(meta={'dagster': {'ref': {'name': 'campaign_daily'}}}) }}

with counted as (

    select
        event_date,
        campaign_id,
        {%- for column in counts_of_deeds() %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_performance_hourly') }}
    where campaign_id <> 0 and {{ counts_of_deeds() | join(' + ') }} > 0
    group by event_date, campaign_id

),

spent as (

    select
        event_date,
        campaign_id,
        count(distinct currency) as currencies,
        min(currency) as currency,
        sum(spend_hour) as spend
    from {{ ref('job_spend_hourly') }}
    where campaign_id <> 0
    group by event_date, campaign_id

),

hours as (

    select
        counted.*,
        coalesce(spent.currencies, 0) as currencies,
        spent.currency,
        coalesce(spent.spend, 0) as spend
    from counted
    left join spent on counted.event_date = spent.event_date and counted.campaign_id = spent.campaign_id

)

select
    coalesce(hours.event_date, gold.event_date) as event_date,
    coalesce(hours.campaign_id, gold.campaign_id) as campaign_id,
    {%- for column in counts_of_deeds() %}
    gold.{{ column }},
    coalesce(hours.{{ column }}, 0) as {{ column }}_of_hours,
    {%- endfor %}
    gold.spend,
    hours.spend as spend_of_hours
from {{ ref('campaign_daily') }} as gold
full outer join hours on gold.event_date = hours.event_date and gold.campaign_id = hours.campaign_id
where
    {%- for column in counts_of_deeds() %}
    {{ 'or ' if not loop.first }}coalesce(gold.{{ column }}, -1) <> coalesce(hours.{{ column }}, 0)
    {%- endfor %}
    or (
        coalesce(hours.currencies, 0) <= 1
        and (
            coalesce(gold.currency, '') <> coalesce(hours.currency, '')
            or coalesce(gold.spend, -1) <> coalesce(hours.spend, 0)
        )
    )
    or (hours.currencies > 1 and gold.currency <> '{{ mixed_currencies() }}')
