-- All companies together have the applications and placements whose job names one, and the openings that do.
{{ config(meta={'dagster': {'ref': {'name': 'company_mart'}}}) }}

with marts as (

    select
        coalesce(sum(openings), 0) as openings,
        coalesce(sum(applications), 0) as applications,
        coalesce(sum(placed), 0) as placed
    from {{ ref('company_mart') }}

),

applied as (

    select
        count(case when applications.applied_date <= last_date.last_date then 1 end) as applications,
        -- Whom nobody else tells of is not there for an application that is dated later.
        count(case when applications.placed_at < last_date.closes_at then told.company_id end) as placed
    from {{ ref('fact_application') }} as applications
    inner join {{ ref('dim_job') }} as jobs on applications.job_key = jobs.job_key
    left join {{ ref('company_mart') }} as told on jobs.company_id = told.company_id
    cross join {{ ref('last_date') }} as last_date
    where jobs.company_id is not null

),

offered as (

    select count(distinct opening_id) as openings
    from {{ ref('opening_outcomes') }}
    where company_id is not null and as_of_to is null

)

select
    marts.*,
    applied.applications as applications_in_silver,
    applied.placed as placed_in_silver,
    offered.openings as openings_in_silver
from marts
cross join applied
cross join offered
where
    marts.openings <> offered.openings
    or marts.applications <> applied.applications
    or marts.placed <> applied.placed
