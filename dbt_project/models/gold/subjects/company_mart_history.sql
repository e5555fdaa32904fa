{{ config(**whole_config(cluster_by=['company_id'])) }}
{%- set hour = 3600000000 %}
{%- set start = "date '" ~ partitions_start() ~ "'" %}
{%- set limits = limits_of_responsiveness() %}

with applications as (

    select
        waits.company_id,
        waits.waited_hours,
        waits.outcome,
        {{ micros_of_timestamp('waits.applied_at') }} as applied_micros,
        greatest(waits.applied_date, {{ start }}) as counts_from,
        greatest({{ date_of_timestamp('applications.first_response_at') }}, waits.applied_date, {{ start }})
            as answered_on
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('applications') }} as applications
        on waits.application_id = applications.application_id
    cross join {{ ref('last_date') }} as last_date
    where waits.names_company and waits.applied_date <= last_date.last_date

),

first_dates as (

    select
        company_id,
        min({{ date_of_timestamp('valid_from') }}) as first_date
    from {{ ref('company_versions') }}
    group by company_id
    union all
    select
        company_id,
        {{ date_of_timestamp('started_at') }} as first_date
    from {{ ref('opening_outcomes') }}
    where as_of_to is null
    union all
    select
        company_id,
        counts_from as first_date
    from applications

),

companies as (

    select
        first_dates.company_id,
        greatest(min(first_dates.first_date), {{ start }}) as changed_on
    from first_dates
    cross join {{ ref('last_date') }} as last_date
    where first_dates.company_id is not null and first_dates.first_date <= last_date.last_date
    group by first_dates.company_id

),

-- Half are answered within some hours where a product of factors is at most a half: for each hour at which
-- someone was answered, the share that waits on. As of a date, an application is at risk at an hour once it
-- has waited so long: so each factor changes on few dates only, and the logarithms of factors add up.
answers as (

    select
        company_id,
        waited_hours,
        answered_on as changed_on,
        count(*) as answered
    from applications
    where outcome = 'responded'
    group by company_id, waited_hours, answered_on

),

hours as (

    select distinct
        company_id,
        waited_hours
    from answers

),

moves as (

    select
        company_id,
        waited_hours,
        changed_on,
        0 as at_risk,
        answered
    from answers
    union all
    select
        hours.company_id,
        hours.waited_hours,
        greatest(
            {{ date_of_micros('applications.applied_micros + hours.waited_hours * ' ~ hour ~ ' - 1') }},
            applications.counts_from
        ) as changed_on,
        1 as at_risk,
        0 as answered
    from hours
    inner join applications
        on hours.company_id = applications.company_id and hours.waited_hours <= applications.waited_hours

),

risks as (

    select
        company_id,
        waited_hours,
        changed_on,
        sum(sum(at_risk)) over so_far as at_risk,
        sum(sum(answered)) over so_far as answered
    from moves
    group by company_id, waited_hours, changed_on
    window so_far as (
        partition by company_id, waited_hours
        order by changed_on
        rows between unbounded preceding and current row
    )

),

factors as (

    select
        company_id,
        waited_hours,
        changed_on,
        case when answered = at_risk then 1 else 0 end as leaves_none,
        {{ as_summand(
            'case when answered < at_risk then ln(1 - ' ~ as_double('answered') ~ ' / at_risk) else 0 end'
        ) }} as log_of_factor
    from risks

),

steps as (

    select
        company_id,
        waited_hours,
        changed_on,
        leaves_none - coalesce(lag(leaves_none) over in_order, 0) as none_more,
        log_of_factor - coalesce(lag(log_of_factor) over in_order, 0) as log_more
    from factors
    window in_order as (partition by company_id, waited_hours order by changed_on)

),

changes as (

    select
        company_id,
        changed_on,
        0 as applications,
        {%- for limit in limits %}
        {%- set within = 'waited_hours < ' ~ limit.hours if limit.hours else 'true' %}
        sum(case when {{ within }} then none_more else 0 end) as none_more_{{ limit.tier }},
        sum(case when {{ within }} then log_more else 0 end)
            as log_more_{{ limit.tier }}{{ ',' if not loop.last }}
        {%- endfor %}
    from steps
    group by company_id, changed_on
    {%- for relation, date in {'applications': 'counts_from', 'companies': 'changed_on'}.items() %}
    union all
    select
        company_id,
        {{ date }} as changed_on,
        {{ 1 if relation == 'applications' else 0 }} as applications,
        {%- for limit in limits %}
        0 as none_more_{{ limit.tier }},
        0 as log_more_{{ limit.tier }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- endfor %}

),

sums as (

    select
        company_id,
        changed_on,
        {%- for limit in limits %}
        sum(sum(none_more_{{ limit.tier }})) over so_far as none_{{ limit.tier }},
        sum(sum(log_more_{{ limit.tier }})) over so_far as log_{{ limit.tier }},
        {%- endfor %}
        sum(sum(applications)) over so_far as applications
    from changes
    group by company_id, changed_on
    window so_far as (
        partition by company_id order by changed_on rows between unbounded preceding and current row
    )

),

states as (

    select
        company_id,
        changed_on,
        case
            when applications < {{ from_of('responsiveness', '(enough)') }} then '{{ no_tier() }}'
            {%- for limit in limits %}
            when
                none_{{ limit.tier }} > 0
                or exp({{ as_double('log_' ~ limit.tier) }}) <= 0.5 + {{ survival_tolerance() }}
                then '{{ limit.tier }}'
            {%- endfor %}
            else '{{ never_answers() }}'
        end as responsiveness
    from sums

)

{{ history_of_state('states', 'company_id', ['responsiveness']) }}
