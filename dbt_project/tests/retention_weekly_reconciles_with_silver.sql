-- Active units of a week, of all cohorts, are those of silver, but for units first seen over 26 weeks before.
{{ config(meta={'dagster': {'ref': {'name': 'retention_weekly'}}}) }}

with weeks as (

    select distinct
        unit_id,
        {{ first_date_of('week', 'event_date') }} as week_start
    from {{ ref('events') }}
    where
        event_name in ({{ quoted_list(event_names()) }})
        and event_name <> 'application_status'
        and {{ in_any_partition('event_date') }}

),

first_weeks as (

    select
        unit_id,
        min(week_start) as first_week
    from weeks
    group by 1

),

silver as (

    select
        weeks.week_start,
        count(*) as units
    from weeks
    inner join first_weeks on weeks.unit_id = first_weeks.unit_id
    where weeks.week_start <= {{ add_days('first_weeks.first_week', 26 * 7) }}
    group by 1

),

gold as (

    select
        {{ add_days('cohort_week', 'cast(7 * weeks_since as ' ~ dbt.type_int() ~ ')') }} as week_start,
        sum(active_units) as units
    from {{ ref('retention_weekly') }}
    group by 1

)

select
    coalesce(gold.week_start, silver.week_start) as week_start,
    coalesce(gold.units, 0) as units,
    coalesce(silver.units, 0) as units_in_silver
from gold
full outer join silver on gold.week_start = silver.week_start
where coalesce(gold.units, 0) <> coalesce(silver.units, 0)
