{{ config(**whole_config()) }}
{%- set happened_at = 'given.placed_at' %}

with job_members as (

    {{ members_of('job', of=ref('placement_versions')) }}

),

candidate_members as (

    {{ members_of('candidate', of=ref('placement_versions')) }}

),

company_members as (

    {{ members_of('company') }}

)

select
    given.source,
    given.placement_id,
    given.application_id,
    given.job_id,
    given.candidate_id,
    given.company_id,
    given.kind,
    given.status,
    given.placed_at,
    given.starts_on,
    given.ends_on,
    given.pay_rate,
    given.bill_rate,
    given.rate_period,
    given.currency,
    given.fee_amount,
    given.fee_currency,
    given.end_reason,
    given.created_at,
    given.updated_at,
    {{ as_of_columns('job', 'given.job_id', happened_at) }},
    {{ as_of_columns('candidate', 'given.candidate_id', happened_at) }},
    {{ as_of_columns('company', 'given.company_id', happened_at) }}
from {{ ref('placement_versions') }} as given
{{ as_of('job', 'given.job_id', happened_at) }}
{{ as_of('candidate', 'given.candidate_id', happened_at) }}
{{ as_of('company', 'given.company_id', happened_at) }}
where given.is_current
