-- In all categories together, hires of a week are the facts placed in it, and of their days at most half lie
-- on either side of the median.
{{ config(meta={'dagster': {'ref': {'name': 'time_to_hire_weekly'}}}) }}

with facts as (

    select
        {{ first_date_of('week', date_of_timestamp('facts.placed_at')) }} as week_start,
        facts.days_to_placed
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where facts.placed_at < last_date.closes_at

),

weeks as (

    select *
    from {{ ref('time_to_hire_weekly') }}
    where category = '__all__'

),

counted as (

    select
        coalesce(facts.week_start, weeks.week_start) as week_start,
        max(weeks.hires) as hires,
        max(weeks.median_days_application_to_hire) as median_days,
        count(facts.week_start) as placed,
        count(facts.days_to_placed) as durations,
        count(case when facts.days_to_placed < weeks.median_days_application_to_hire then 1 end) as shorter,
        count(case when facts.days_to_placed > weeks.median_days_application_to_hire then 1 end) as longer
    from facts
    full outer join weeks on facts.week_start = weeks.week_start
    group by coalesce(facts.week_start, weeks.week_start)

)

select *
from counted
where
    {{ add_days('week_start', 6) }} >= date '{{ partitions_start() }}'
    and (
        coalesce(hires, 0) <> placed
        or 2 * shorter > durations
        or 2 * longer > durations
        or (median_days is null) <> (durations < 5)
    )
