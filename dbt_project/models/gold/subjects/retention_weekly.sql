{{ config(**whole_config(cluster_by=['cohort_week'])) }}
{%- set last_week = 26 %}

with active_weeks as (

    select distinct
        unit_id,
        {{ first_date_of('week', 'event_date') }} as week_start
    from {{ ref('active_days') }}
    where events > 0

),

cohorts as (

    select
        unit_id,
        week_start,
        min(week_start) over (partition by unit_id) as cohort_week
    from active_weeks

),

active as (

    select
        cohort_week,
        week_start,
        count(*) as active_units
    from cohorts
    group by cohort_week, week_start

),

sizes as (

    select
        cohort_week,
        active_units as cohort_size
    from active
    where week_start = cohort_week

),

weeks as (

    select
        sizes.cohort_week,
        sizes.cohort_size,
        weeks_since,
        {{ add_days('sizes.cohort_week', '7 * weeks_since') }} as week_start
    from sizes
    cross join {{ unnested(range(last_week + 1) | list, 'weeks_since') }}

)

select
    weeks.cohort_week,
    '__all__' as platform,
    cast(weeks.weeks_since as bigint) as weeks_since,
    weeks.cohort_size,
    coalesce(active.active_units, 0) as active_units,
    {{ rate('coalesce(active.active_units, 0)', 'weeks.cohort_size') }} as retention,
    {{ add_days('weeks.week_start', 6) }} <= last_dates.last_date as is_complete
from weeks
cross join {{ ref('last_date') }} as last_dates
left join active
    on weeks.cohort_week = active.cohort_week and weeks.week_start = active.week_start
where weeks.week_start <= last_dates.last_date
