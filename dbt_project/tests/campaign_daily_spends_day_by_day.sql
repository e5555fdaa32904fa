-- What was spent in a day, week or month by the close of a date is what was spent by that of the date
-- before, in the same period, and what the hours of the date have in the budget's currency.
{{ config(meta={'dagster': {'ref': {'name': 'campaign_daily'}}}) }}

with days as (

    select
        event_date,
        campaign_id,
        budget_currency,
        budget_period,
        spend_in_period,
        case budget_period
            when 'day' then event_date
            when 'week' then {{ first_date_of('week', 'event_date') }}
            when 'month' then {{ first_date_of('month', 'event_date') }}
        end as period_first_date
    from {{ ref('campaign_daily') }}
    where budget_period <> 'total' and spend_in_period is not null

),

in_order as (

    select
        *,
        lag(spend_in_period) over (
            partition by campaign_id, budget_period, budget_currency, period_first_date order by event_date
        ) as spent_before,
        lag(event_date) over (
            partition by campaign_id, budget_period, budget_currency, period_first_date order by event_date
        ) as date_before
    from days

),

spent as (

    select
        event_date,
        campaign_id,
        currency,
        sum(spend_hour) as spend
    from {{ ref('job_spend_hourly') }}
    group by event_date, campaign_id, currency

)

select
    in_order.event_date,
    in_order.campaign_id,
    in_order.spent_before,
    coalesce(spent.spend, 0) as spend_of_date,
    in_order.spend_in_period
from in_order
left join spent
    on
        in_order.event_date = spent.event_date
        and in_order.campaign_id = spent.campaign_id
        and in_order.budget_currency = spent.currency
where
    (
        in_order.event_date = in_order.period_first_date
        or in_order.date_before = {{ add_days('in_order.event_date', -1) }}
    )
    and in_order.spend_in_period <> coalesce(in_order.spent_before, 0) + coalesce(spent.spend, 0)
