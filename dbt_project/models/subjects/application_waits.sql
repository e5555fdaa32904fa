{{ config(**whole_config(cluster_by=['application_id'])) }}
{%- set known_times = {
    'applied_at': 'waits_since',
    'first_response_at': 'responded_at',
    'withdrawn_at': 'withdrawn_at',
} %}

with job_members as (

    {{ members_of('job', also=['company_id', 'category'], of=ref('applications')) }}

),

-- What is dated at the close or later has not happened yet.
applications as (

    select
        applications.application_id,
        applications.applied_date,
        applications.applied_at,
        job_members.company_id,
        job_members.category,
        applications.channel,
        last_date.closes_at,
        {%- for column, name in known_times.items() %}
        case when applications.{{ column }} < last_date.closes_at then applications.{{ column }} end
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('applications') }} as applications
    cross join {{ ref('last_date') }} as last_date
    {{ as_of('job', 'applications.job_id', 'applications.happened_at') }}

),

ended as (

    select
        *,
        coalesce(responded_at <= coalesce(withdrawn_at, closes_at), false) as is_responded
    from applications

),

waits as (

    select
        *,
        {{ whole_hours(
            'waits_since',
            'case when is_responded then responded_at else coalesce(withdrawn_at, closes_at) end'
        ) }} as hours
    from ended

)

select
    application_id,
    applied_date,
    applied_at,
    {{ known('company_id') }} as company_id,
    company_id is not null as names_company,
    {{ known('category') }} as category,
    {{ known('channel') }} as channel,
    case when hours < 0 then 0 else hours end as waited_hours,
    case when waits_since is not null and is_responded then 'responded' end as outcome
from waits
