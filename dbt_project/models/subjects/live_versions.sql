{{ config(**replace_entities_config('job', key='job_id', cluster_by=['source', 'job_id'])) }}
{%- set places = elements_where('locations', 'place', 'place.country is not null') %}
{%- set of_job = 'partition by source, job_id order by version' %}
{%- set told = ['openings', 'status', 'close_reason', 'expires_at'] %}

with versions as (

    select
        source,
        job_id,
        version,
        category,
        is_evergreen,
        locations,
        remote_countries,
        valid_to,
        status is null or status = 'open' as is_open,
        greatest(valid_from, coalesce(posted_at, created_at, valid_from)) as live_from,
        least(
            coalesce(valid_to, {{ last_instant() }}), coalesce(expires_at, {{ last_instant() }})
        ) as live_to,
        lead(valid_from) over ({{ of_job }}) as next_from,
        {%- for column in told %}
        {{ column }},
        lead({{ column }}) over ({{ of_job }}) as next_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_versions') }}
    where {{ is_touched('job', key='job_id') }}

),

-- What the version at the end says: the one that follows at once, else the last one that was live.
live as (

    select
        source,
        job_id,
        version,
        category,
        is_evergreen,
        locations,
        remote_countries,
        live_from,
        live_to,
        coalesce(live_to = valid_to, false) as lasts_to_its_end,
        coalesce(live_to = next_from, false) as is_followed,
        {%- for column in told %}
        case when live_to = next_from then next_{{ column }} else {{ column }} end as {{ column }},
        {%- endfor %}
        lag(live_to) over ({{ of_job }}) as live_before_to,
        lead(live_from) over ({{ of_job }}) as live_next_from
    from versions
    where is_open and live_from < live_to

)

select
    source,
    job_id,
    version,
    -- What is live without a break is one period.
    cast(sum(case when live_before_to = live_from then 0 else 1 end) over (
        {{ of_job }} rows between unbounded preceding and current row
    ) as bigint) as period,
    live_from,
    nullif(live_to, {{ last_instant() }}) as live_to,
    case
        when live_to = {{ last_instant() }} or live_to = live_next_from then null
        when status = 'filled' or close_reason = 'filled' then 'filled'
        when expires_at <= live_to or close_reason = 'expired' then 'expired'
        when status = 'cancelled' or close_reason = 'cancelled' then 'cancelled'
        when lasts_to_its_end and not is_followed then 'deleted'
        when status = 'paused' then 'paused'
        else 'closed_other'
    end as ends_as,
    coalesce(openings, 1) as people,
    category,
    case
        when {{ element_count(places) }} > 0 then {{ sorted_texts(each(places, 'place', 'place.country')) }}
        when {{ element_count('remote_countries') }} > 0 then {{ sorted_texts('remote_countries') }}
        else {{ array_of("'(unknown)'") }}
    end as countries,
    coalesce(is_evergreen, false) as is_evergreen
from live
