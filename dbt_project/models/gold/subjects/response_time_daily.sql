{{ config(**whole_config(cluster_by=['applied_date', 'company_id'])) }}
{%- set horizons = [3, 7, 14] %}

with applications as (

    select
        waits.applied_date,
        waits.company_id,
        waits.applied_at,
        applications.first_response_at,
        waits.waited_hours,
        waits.outcome
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('applications') }} as applications
        on waits.application_id = applications.application_id
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date('waits.applied_date') }}

),

members as (

    select *
    from applications
    union all
    select
        applied_date,
        '__all__' as company_id,
        applied_at,
        first_response_at,
        waited_hours,
        outcome
    from applications

),

waiting as (

    select *
    from members
    where waited_hours is not null

),

curves as (

    {{ survival_table('waiting', ['applied_date', 'company_id'], 'waited_hours', 'outcome', ['responded']) }}

),

medians as (

    select
        applied_date,
        company_id,
        {{ median_of_survival('waited_hours') }} as median_hours_to_response
    from curves
    group by applied_date, company_id

),

counted as (

    select
        applied_date,
        company_id,
        count(*) as applications,
        count(first_response_at) as responded,
        {%- for days in horizons + [30] %}
        {{ count_where(within_days(days, 'applied_at', 'first_response_at')) }}
            as responded_{{ days }}d{{ ',' if not loop.last }}
        {%- endfor %}
    from members
    group by applied_date, company_id

),

-- Before everybody could have been answered, there is nothing to tell.
matured as (

    select
        counted.applied_date,
        counted.company_id,
        counted.applications,
        counted.responded,
        {%- for days in horizons + [30] %}
        {{ where_mature('counted.responded_' ~ days ~ 'd', 'counted.applied_date', days) }}
            as responded_{{ days }}d{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
    cross join {{ ref('last_date') }} as last_date

)

select
    matured.applied_date,
    matured.company_id,
    matured.applications,
    matured.responded,
    {%- for days in horizons %}
    matured.responded_{{ days }}d,
    {{ rate('matured.responded_' ~ days ~ 'd', 'matured.applications') }} as responded_{{ days }}d_rate,
    {%- endfor %}
    medians.median_hours_to_response,
    {{ rate('(matured.applications - matured.responded_30d)', 'matured.applications') }}
        as never_within_30d_rate
from matured
left join medians
    on matured.applied_date = medians.applied_date and matured.company_id = medians.company_id
