{{ config(**whole_config(cluster_by=['source', 'job_id'])) }}
{%- set places = elements_where('locations', 'place', 'place.country is not null') %}

with given as (

    select
        versions.source,
        versions.job_id,
        versions.version,
        versions.category,
        versions.is_evergreen,
        versions.locations,
        versions.remote_countries,
        last_date.closes_at,
        greatest(
            versions.valid_from, coalesce(versions.posted_at, versions.created_at, versions.valid_from)
        ) as live_from,
        least(
            coalesce(versions.valid_to, {{ last_instant() }}),
            coalesce(versions.expires_at, {{ last_instant() }})
        ) as live_to
    from {{ ref('job_versions') }} as versions
    cross join {{ ref('last_date') }} as last_date
    where versions.status = 'open' or versions.status is null

),

live as (

    select
        *,
        lag(live_to) over (partition by source, job_id order by version) as live_before_to
    from given
    where live_from < live_to and live_from < closes_at

)

select
    source,
    job_id,
    version,
    -- What is live without a break is one period.
    cast(sum(case when live_before_to = live_from then 0 else 1 end) over (
        partition by source, job_id order by version
        rows between unbounded preceding and current row
    ) as bigint) as period,
    live_from,
    case when live_to < closes_at then live_to end as live_to,
    category,
    case
        when {{ element_count(places) }} > 0 then {{ sorted_texts(each(places, 'place', 'place.country')) }}
        when {{ element_count('remote_countries') }} > 0 then {{ sorted_texts('remote_countries') }}
        else {{ array_of("'(unknown)'") }}
    end as countries,
    coalesce(is_evergreen, false) as is_evergreen
from live
