-- At the last date and two weeks before, every job is in the tiers that its items, added up one by one, and
-- its applications of that time give; its expected clicks at the last date are those of job_mart.
{{ config(meta={'dagster': {'ref': {'name': 'job_mart_history'}}}) }}

with dates as (

    select
        ends.last_date as as_of_date,
        ends.closes_at
    from {{ ref('last_date') }} as ends
    union all
    select
        {{ add_days('ends.last_date', -14) }} as as_of_date,
        {{ start_of_date(add_days('ends.last_date', -13)) }} as closes_at
    from {{ ref('last_date') }} as ends

),

usual as (

    select
        dates.as_of_date,
        lists.rank_position,
        {{ rate('sum(lists.clicked)', 'sum(lists.shown)') }} as ctr
    from {{ ref('ranking_position_daily') }} as lists
    cross join dates
    where
        lists.surface = '__all__'
        and {{ in_any_partition('lists.event_date') }}
        and lists.event_date <= dates.as_of_date
        and lists.event_date > {{ add_days('dates.as_of_date', -mart_days()) }}
    group by dates.as_of_date, lists.rank_position

),

items as (

    select
        dates.as_of_date,
        lists.job_id,
        count(case when lists.clicked then 1 end) as clicked,
        sum(coalesce(usual.ctr, 0)) as expected_clicks
    from {{ ref('result_list_items') }} as lists
    cross join dates
    left join usual
        on dates.as_of_date = usual.as_of_date and least(lists.rank_position, 21) = usual.rank_position
    where {{ in_any_partition('lists.event_date') }} and lists.event_date <= dates.as_of_date
    group by dates.as_of_date, lists.job_id

),

judgements as (

    select
        dates.as_of_date,
        applications.job_id,
        count(case when applications.qualified_at < dates.closes_at then 1 end) as qualified,
        count(case when applications.disqualified_at < dates.closes_at then 1 end) as disqualified
    from {{ ref('fact_application') }} as applications
    cross join dates
    group by dates.as_of_date, applications.job_id

),

told as (

    select
        dates.as_of_date,
        history.job_id,
        history.tier,
        history.quality_tier,
        case when dates.as_of_date = last_date.last_date then marts.expected_clicks end
            as expected_clicks_of_mart,
        coalesce(items.clicked, 0) as clicked,
        coalesce(items.expected_clicks, 0) as expected_clicks,
        coalesce(judgements.qualified, 0) as qualified,
        coalesce(judgements.disqualified, 0) as disqualified
    from {{ ref('job_mart_history') }} as history
    inner join {{ ref('job_mart') }} as marts on history.job_id = marts.job_id
    cross join dates
    cross join {{ ref('last_date') }} as last_date
    left join items on history.job_id = items.job_id and dates.as_of_date = items.as_of_date
    left join judgements on history.job_id = judgements.job_id and dates.as_of_date = judgements.as_of_date
    where
        history.valid_from <= dates.as_of_date
        and (history.valid_to > dates.as_of_date or history.valid_to is null)

)

select *
from told
where
    tier <> {{ tier_of_job('expected_clicks', rate('clicked', 'expected_clicks')) }}
    or quality_tier <> {{ quality_tier_of_job('qualified', 'disqualified') }}
    or abs(expected_clicks - expected_clicks_of_mart) > 1e-6 * (1 + expected_clicks)
