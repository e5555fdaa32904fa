{{ config(**whole_config(cluster_by=['campaign_id', 'event_date'])) }}

with budgets as (

    select *
    from {{ ref('campaign_dates') }}
    where has_budget

),

-- The clicks with a bid in the order in which they spend.
clicks as (

    select
        campaign_id,
        currency,
        event_date,
        event_ts,
        bid,
        cast(sum(bid) over (
            partition by campaign_id, currency
            order by event_ts, event_id
            rows between unbounded preceding and current row
        ) as {{ type_decimal() }}) as spend_by_then,
        row_number() over (partition by campaign_id, currency order by event_ts, event_id) as click_number
    from {{ ref('performance_events') }}
    where campaign_id <> 0 and bid is not null

),

-- On the time line of a campaign stand its days with bids, and before and behind them, what is asked for a
-- date: what had been spent before its period began, and by its close.
moments as (

    select
        campaign_id,
        currency,
        event_date as on_date,
        1 as place,
        cast(null as date) as asked_for,
        sum(bid) as spend,
        count(*) as clicks
    from clicks
    group by campaign_id, currency, event_date
    union all
    select
        campaign_id,
        budget_currency as currency,
        coalesce(period_first_date, date '{{ partitions_start() }}') as on_date,
        0 as place,
        event_date as asked_for,
        0 as spend,
        0 as clicks
    from budgets
    union all
    select
        campaign_id,
        budget_currency as currency,
        event_date as on_date,
        2 as place,
        event_date as asked_for,
        0 as spend,
        0 as clicks
    from budgets

),

told as (

    select
        campaign_id,
        asked_for,
        place,
        sum(spend) over (
            partition by campaign_id, currency
            order by on_date, place
            rows between unbounded preceding and current row
        ) as spend,
        sum(clicks) over (
            partition by campaign_id, currency
            order by on_date, place
            rows between unbounded preceding and current row
        ) as clicks,
        sum(clicks) over (
            partition by campaign_id
            order by on_date, place
            rows between unbounded preceding and current row
        ) as clicks_of_all_currencies
    from moments

),

answers as (

    select
        campaign_id,
        asked_for as event_date,
        cast(max(case when place = 0 then spend end) as {{ type_decimal() }}) as spend_before,
        cast(max(case when place = 2 then spend end) as {{ type_decimal() }}) as spend_by_close,
        max(case when place = 0 then clicks end) as clicks_before,
        max(case when place = 2 then clicks_of_all_currencies - clicks end)
        - max(case when place = 0 then clicks_of_all_currencies - clicks end) as other_clicks
    from told
    where asked_for is not null
    group by campaign_id, asked_for

),

-- A period that begins after the date holds nothing by its close.
spent as (

    select
        budgets.event_date,
        budgets.campaign_id,
        budgets.budget_amount,
        budgets.budget_currency,
        answers.spend_before,
        answers.spend_by_close,
        answers.clicks_before,
        coalesce(budgets.period_first_date > budgets.event_date, false) as is_to_come,
        answers.other_clicks,
        {{ days_of_date('budgets.event_date') }} as day,
        {{ days_of_date('budgets.period_first_date') }} as first_day,
        {{ days_of_date('budgets.period_last_date') }} as last_day
    from budgets
    inner join answers
        on budgets.campaign_id = answers.campaign_id and budgets.event_date = answers.event_date

),

-- A campaign's clicks by what was spent with them, and behind all clicks that do not reach it, each budget
-- of a date. A budget of nothing is reached with the first click of its period.
steps as (

    select
        campaign_id,
        currency,
        spend_by_then as spend,
        click_number,
        cast(null as date) as asked_for
    from clicks
    union all
    select
        campaign_id,
        budget_currency as currency,
        cast(spend_before + budget_amount as {{ type_decimal() }}) as spend,
        clicks_before as click_number,
        event_date as asked_for
    from spent

),

reached as (

    select
        campaign_id,
        currency,
        asked_for,
        min(case when asked_for is null then click_number end) over (
            partition by campaign_id, currency
            order by spend, click_number, case when asked_for is null then 0 else 1 end
            rows between 1 following and unbounded following
        ) as click_number
    from steps

)

select
    spent.event_date,
    spent.campaign_id,
    cast(
        case when not spent.is_to_come then spent.spend_by_close - spent.spend_before else 0 end
        as {{ type_decimal() }}
    ) as spend_in_period,
    not spent.is_to_come and spent.other_clicks > 0 as spend_other_currency,
    cast(case when spent.last_day >= spent.first_day then spent.last_day - spent.first_day + 1 end as bigint)
        as days_of_period,
    cast(
        case
            when not coalesce(spent.last_day >= spent.first_day, false) then null
            when spent.day < spent.first_day then 0
            when spent.day > spent.last_day then spent.last_day - spent.first_day + 1
            else spent.day - spent.first_day + 1
        end as bigint
    ) as days_by_then,
    clicks.event_ts as exhausted_at,
    cast(coalesce(spent.spend_by_close - clicks.spend_by_then, 0) as {{ type_decimal() }})
        as spend_after_exhausted
from spent
inner join reached on spent.campaign_id = reached.campaign_id and spent.event_date = reached.asked_for
left join clicks
    on
        spent.campaign_id = clicks.campaign_id
        and spent.budget_currency = clicks.currency
        and reached.click_number = clicks.click_number
        and spent.event_date >= clicks.event_date
