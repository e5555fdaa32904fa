{{ config(**whole_config(cluster_by=['job_key', 'application_id'], partition_column='applied_date')) }}

with job_members as (

    {{ members_of('job', also=['company_id'], of=ref('applications')) }}

),

company_members as (

    {{ members_of('company') }}

),

candidate_members as (

    {{ members_of('candidate', of=ref('applications')) }}

),

campaign_members as (

    {{ members_of('campaign') }}

)

select
    given.application_id,
    given.job_id,
    given.unit_id,
    given.candidate_id,
    given.campaign_id,
    {{ as_of_columns('job', 'given.job_id', 'given.happened_at') }},
    {{ as_of_columns('company', 'job_members.company_id', 'given.happened_at') }},
    {{ as_of_columns('candidate', 'given.candidate_id', 'given.happened_at') }},
    {{ as_of_columns('campaign', 'given.campaign_id', 'given.happened_at') }},
    given.channel,
    given.search_id,
    given.applied_at,
    {%- for status in statuses_in_order() %}
    given.{{ status }}_at,
    {%- endfor %}
    {%- for stage in stages_of_hiring()[1:] %}
    given.reached_{{ stage }},
    {%- endfor %}
    given.status,
    given.status_at,
    given.is_open,
    given.status_by_events,
    given.status_by_entity,
    given.status_conflict,
    given.first_response_at,
    given.days_to_response,
    given.days_to_placed,
    given.applied_date
from {{ ref('applications') }} as given
{{ as_of('job', 'given.job_id', 'given.happened_at') }}
{{ as_of('company', 'job_members.company_id', 'given.happened_at') }}
{{ as_of('candidate', 'given.candidate_id', 'given.happened_at') }}
{{ as_of('campaign', 'given.campaign_id', 'given.happened_at') }}
