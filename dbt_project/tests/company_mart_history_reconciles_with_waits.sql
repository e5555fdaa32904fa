-- Two weeks before the last date, every company is in the class that waits give if they are cut at its close.
{{ config(meta={'dagster': {'ref': {'name': 'company_mart_history'}}}) }}

with dates as (

    select
        {{ add_days('ends.last_date', -14) }} as as_of_date,
        {{ start_of_date(add_days('ends.last_date', -13)) }} as closes_at
    from {{ ref('last_date') }} as ends

),

applications as (

    select
        waits.company_id,
        waits.waited_hours,
        {{ whole_hours('waits.applied_at', 'dates.closes_at') }} as hours_by_then,
        case when facts.first_response_at < dates.closes_at then waits.outcome end as outcome
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('fact_application') }} as facts on waits.application_id = facts.application_id
    cross join dates
    where waits.names_company and waits.applied_date <= dates.as_of_date

),

applied as (

    select
        company_id,
        count(*) as applications
    from applications
    group by company_id

),

waits as (

    select
        company_id,
        outcome,
        case when waited_hours < hours_by_then then waited_hours else hours_by_then end as hours
    from applications
    where waited_hours is not null

),

answers as (

    {{ survival_table('waits', ['company_id'], 'hours', 'outcome', ['responded']) }}

),

medians as (

    select
        company_id,
        {{ median_of_survival('hours') }} as median_hours
    from answers
    group by company_id

),

told as (

    select
        history.company_id,
        history.responsiveness,
        coalesce(applied.applications, 0) as applications,
        medians.median_hours
    from {{ ref('company_mart_history') }} as history
    cross join dates
    left join applied on history.company_id = applied.company_id
    left join medians on history.company_id = medians.company_id
    where
        history.valid_from <= dates.as_of_date
        and (history.valid_to > dates.as_of_date or history.valid_to is null)

)

select *
from told
where responsiveness <> {{ responsiveness_of('applications', 'median_hours') }}
