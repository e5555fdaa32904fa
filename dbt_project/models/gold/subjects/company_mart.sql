{{ config(**whole_config(cluster_by=['company_id'])) }}
{%- set horizon = 60 %}

with applications as (

    select
        waits.company_id,
        waits.waited_hours,
        waits.outcome,
        waits.applied_date <= last_date.last_date as is_sent,
        -- A placement counts for its own date, whatever that of the application is.
        applications.placed_at < last_date.closes_at as is_placed
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('applications') }} as applications
        on waits.application_id = applications.application_id
    cross join {{ ref('last_date') }} as last_date
    where waits.names_company

),

applied as (

    select
        company_id,
        count(case when is_sent then 1 end) as applications,
        count(case when is_placed then 1 end) as placed
    from applications
    group by company_id

),

waits as (

    select
        company_id,
        waited_hours,
        outcome
    from applications
    where is_sent and waited_hours is not null

),

answers as (

    {{ survival_table('waits', ['company_id'], 'waited_hours', 'outcome', ['responded']) }}

),

medians as (

    select
        company_id,
        {{ median_of_survival('waited_hours') }} as median_hours
    from answers
    group by company_id

),

openings as (

    select
        outcomes.company_id,
        outcomes.live_postings,
        outcomes.outcome,
        coalesce(outcomes.days, {{ whole_days('outcomes.started_at', 'last_date.closes_at') }}) as days,
        not outcomes.is_evergreen
        and {{ date_of_timestamp('outcomes.started_at') }} > {{ add_days('last_date.last_date', -365) }}
            as is_recent
    from {{ ref('opening_outcomes') }} as outcomes
    cross join {{ ref('last_date') }} as last_date
    where outcomes.as_of_to is null and outcomes.company_id is not null

),

offered as (

    select
        company_id,
        count(*) as openings,
        count(case when live_postings > 0 then 1 end) as live,
        max(case when is_recent then days end) as longest,
        max(case when is_recent and outcome is null then days end) as longest_wait
    from openings
    group by company_id

),

recent as (

    select
        company_id,
        days,
        outcome
    from openings
    where is_recent

),

outcomes as (

    {{ survival_table('recent', ['company_id'], 'days', 'outcome', ['filled', 'closed']) }}

),

filled as (

    select
        company_id,
        max(share_of_filled) as filled_share
    from outcomes
    where days <= {{ horizon }}
    group by company_id

),

companies as (

    select versions.company_id
    from {{ ref('company_versions') }} as versions
    cross join {{ ref('last_date') }} as last_date
    where versions.valid_from < last_date.closes_at
    union distinct
    select company_id
    from offered
    union distinct
    select company_id
    from applied
    where applications > 0

),

found as (

    select
        companies.company_id,
        coalesce(offered.openings, 0) as openings,
        coalesce(offered.live, 0) as live,
        coalesce(applied.applications, 0) as applications,
        coalesce(applied.placed, 0) as placed,
        -- What comes after the longest observation is not known where that one was still open.
        case
            when offered.longest >= {{ horizon }} or offered.longest > coalesce(offered.longest_wait, -1)
                then coalesce(filled.filled_share, 0)
        end as filled_share_60,
        medians.median_hours
    from companies
    left join offered on companies.company_id = offered.company_id
    left join filled on companies.company_id = filled.company_id
    left join applied on companies.company_id = applied.company_id
    left join medians on companies.company_id = medians.company_id

)

select
    company_id,
    openings,
    live,
    applications,
    placed,
    filled_share_60,
    median_hours as median_hours_to_response,
    {{ responsiveness_of('applications', 'median_hours') }} as responsiveness
from found
