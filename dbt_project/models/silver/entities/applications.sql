{{ config(**whole_config(cluster_by=['application_id'])) }}
{%- set statuses = statuses_in_order() %}
{%- set stages = stages_of_hiring() %}

with entities as (

    {{ last_versions(ref('application_versions'), 'application_id') }}

),

-- What the first `apply` says of an application, else its first event.
first_events as (

    select
        application_id,
        job_id,
        unit_id,
        campaign_id,
        case when event_name = 'apply' then surface end as channel,
        search_id
    from {{ ref('events') }}
    where
        event_name in ('apply', 'application_status')
        and application_id is not null
        and {{ in_any_partition('event_date') }}
    qualify
        row_number() over (
            partition by application_id
            order by case when event_name = 'apply' then 0 else 1 end, event_ts, event_id
        ) = 1

),

observations as (

    select
        application_id,
        status,
        {{ adapter.quote('at') }} as observed_at,
        {{ rank_of_origin('origin') }} as origin_rank
    from {{ ref('application_status_history') }}

),

times as (

    select
        application_id,
        {%- for status in statuses %}
        min(case when status = '{{ status }}' then observed_at end) as {{ status }}_at,
        {%- endfor %}
        min(observed_at) as first_observed_at,
        min(case when status not in ({{ quoted_list(statuses_of_applicants()) }}) then observed_at end)
            as first_response_at,
        max(observed_at) as status_at,
        max(case when origin_rank = 1 then observed_at end) as last_event_at
    from observations
    group by application_id

),

application_ids as (

    select application_id
    from entities
    union distinct
    select application_id
    from first_events

),

applications as (

    select
        ids.application_id,
        coalesce(entities.job_id, events.job_id) as job_id,
        coalesce(entities.user_id, events.unit_id) as unit_id,
        entities.candidate_id,
        coalesce(entities.campaign_id, events.campaign_id) as campaign_id,
        coalesce(entities.channel, events.channel) as channel,
        coalesce(entities.search_id, events.search_id) as search_id,
        coalesce(entities.applied_at, times.submitted_at, times.first_observed_at) as applied_at,
        coalesce(
            entities.applied_at,
            times.submitted_at,
            times.first_observed_at,
            entities.first_valid_from
        ) as happened_at,
        {%- for status in statuses %}
        times.{{ status }}_at,
        {%- endfor %}
        times.status_at,
        times.last_event_at,
        times.first_response_at,
        case when entities.is_current then entities.status end as status_by_entity
    from application_ids as ids
    left join entities on ids.application_id = entities.application_id
    left join first_events as events on ids.application_id = events.application_id
    left join times on ids.application_id = times.application_id

),

dated as (

    select
        *,
        {{ date_of_timestamp('happened_at') }} as applied_date
    from applications

),

ranked as (

    select
        dated.application_id,
        min(
            case
                when observations.observed_at = dated.status_at
                    then {{ rank_of_observation('observations.origin_rank', 'observations.status') }}
            end
        ) as last_rank,
        min(
            case
                when observations.observed_at = dated.last_event_at and observations.origin_rank = 1
                    then {{ rank_of_observation('observations.origin_rank', 'observations.status') }}
            end
        ) as last_event_rank
    from dated
    inner join observations on dated.application_id = observations.application_id
    group by dated.application_id

),

given as (

    select
        dated.*,
        {{ status_of_rank('ranked.last_rank') }} as status,
        {{ status_of_rank('ranked.last_event_rank') }} as status_by_events
    from dated
    left join ranked on dated.application_id = ranked.application_id

)

select
    given.application_id,
    given.job_id,
    given.unit_id,
    given.candidate_id,
    given.campaign_id,
    given.channel,
    given.search_id,
    given.applied_at,
    given.happened_at,
    {%- for status in statuses %}
    given.{{ status }}_at,
    {%- endfor %}
    {%- for stage in stages[1:] %}
    {%- set implying = stages[loop.index:] + (['qualified', 'disqualified'] if stage == 'reviewed' else []) %}
    (
        {%- for status in implying %}
        {{ 'or ' if not loop.first }}given.{{ status }}_at is not null
        {%- endfor %}
    ) as reached_{{ stage }},
    {%- endfor %}
    given.status,
    given.status_at,
    given.status not in ({{ quoted_list(closed_statuses()) }}) as is_open,
    given.status_by_events,
    given.status_by_entity,
    given.status_by_events <> given.status_by_entity as status_conflict,
    given.first_response_at,
    {{ whole_days('given.applied_at', 'given.first_response_at') }} as days_to_response,
    {{ whole_days('given.applied_at', 'given.placed_at') }} as days_to_placed,
    given.applied_date
from given
