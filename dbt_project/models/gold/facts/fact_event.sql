{{ config(materialized='view', meta={'partition_column': 'event_date', 'partition_unit': 'day'}) }}

with job_members as (

    {{ members_of('job', also=['company_id']) }}

),

company_members as (

    {{ members_of('company') }}

),

campaign_members as (

    {{ members_of('campaign') }}

)

select
    given.event_id,
    given.event_date,
    given.event_ts,
    given.event_name,
    given.unit_id,
    given.search_id,
    given.surface,
    given.platform,
    given.device_type,
    given.rank_position,
    given.job_id,
    given.publisher_id,
    given.campaign_id,
    given.group_id,
    given.bid,
    given.currency,
    given.application_id,
    {{ as_of_columns('job', 'given.job_id', 'given.event_ts') }},
    {{ as_of_columns('company', 'job_members.company_id', 'given.event_ts') }},
    {{ as_of_columns('campaign', 'given.campaign_id', 'given.event_ts') }}
from {{ ref('events') }} as given
{{ as_of('job', 'given.job_id', 'given.event_ts') }}
{{ as_of('company', 'job_members.company_id', 'given.event_ts') }}
{{ as_of('campaign', 'given.campaign_id', 'given.event_ts') }}
where
    given.event_name in ({{ quoted_list(fact_event_names()) }})
    and given.event_date >= date '{{ partitions_start() }}'
