{{ config(**whole_config()) }}
{%- set happened_at = start_of_date('given.week_starting') %}

with job_members as (

    {{ members_of('job', of=ref('placement_versions')) }}

),

candidate_members as (

    {{ members_of('candidate', of=ref('placement_versions')) }}

),

company_members as (

    {{ members_of('company') }}

),

placements as (

    {{ last_versions(ref('placement_versions'), 'placement_id') }}

)

select
    given.source,
    given.timesheet_id,
    given.placement_id,
    given.week_starting,
    given.regular_hours,
    given.overtime_hours,
    given.expenses_amount,
    given.currency,
    given.status,
    given.submitted_at,
    given.approved_at,
    given.created_at,
    given.updated_at,
    {{ as_of_columns('job', 'placements.job_id', happened_at) }},
    {{ as_of_columns('candidate', 'placements.candidate_id', happened_at) }},
    {{ as_of_columns('company', 'placements.company_id', happened_at) }}
from {{ ref('timesheet_versions') }} as given
left join placements on given.placement_id = placements.placement_id
{{ as_of('job', 'placements.job_id', happened_at) }}
{{ as_of('candidate', 'placements.candidate_id', happened_at) }}
{{ as_of('company', 'placements.company_id', happened_at) }}
where given.is_current
