-- A cohort has one size, and a row for each week that has begun, up to 26 weeks after its own.
{{ config(meta={'dagster': {'ref': {'name': 'retention_weekly'}}}) }}

with cohorts as (

    select
        cohort_week,
        min(cohort_size) as smallest_size,
        max(cohort_size) as largest_size,
        count(*) as weeks_followed,
        max({{ add_days('cohort_week', 'cast(7 * weeks_since as ' ~ dbt.type_int() ~ ')') }}) as last_week,
        max(weeks_since) as last_since
    from {{ ref('retention_weekly') }}
    group by cohort_week

)

select cohorts.*
from cohorts
cross join {{ ref('last_date') }} as last_dates
where
    cohorts.smallest_size <> cohorts.largest_size
    or cohorts.weeks_followed <> cohorts.last_since + 1
    or cohorts.last_week > last_dates.last_date
    or (cohorts.last_since < 26 and {{ add_days('cohorts.last_week', 7) }} <= last_dates.last_date)
