{{ config(**whole_config(cluster_by=['source', 'job_id'])) }}
{%- set told = ['openings', 'status', 'close_reason', 'expires_at'] %}

with periods as (

    select
        source,
        job_id,
        period,
        min(version) as first_version,
        max(version) as last_version,
        min(live_from) as begins_at,
        case when count(live_to) = count(*) then max(live_to) end as ends_at
    from {{ ref('live_versions') }}
    group by source, job_id, period

),

-- What the version at the end says: the one that follows at once, else the last one that was live.
ends as (

    select
        periods.source,
        periods.job_id,
        periods.period,
        periods.ends_at,
        next_versions.version is null and last_versions.valid_to = periods.ends_at as is_deleted,
        {%- for column in told %}
        case
            when next_versions.version is null then last_versions.{{ column }}
            else next_versions.{{ column }}
        end as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from periods
    inner join {{ ref('job_versions') }} as last_versions
        on
            periods.source = last_versions.source
            and periods.job_id = last_versions.job_id
            and periods.last_version = last_versions.version
    left join {{ ref('job_versions') }} as next_versions
        on
            periods.source = next_versions.source
            and periods.job_id = next_versions.job_id
            and periods.last_version + 1 = next_versions.version
            and periods.ends_at = next_versions.valid_from
    where periods.ends_at is not null

),

hires as (

    select
        ends.source,
        ends.job_id,
        ends.period,
        count(*) as hires
    from ends
    inner join {{ ref('job_hires') }} as job_hires
        on
            ends.source = job_hires.source
            and ends.job_id = job_hires.job_id
            and ends.ends_at >= job_hires.placed_at
    group by ends.source, ends.job_id, ends.period

)

select
    periods.source,
    periods.job_id,
    periods.period,
    openings.opening_id,
    periods.first_version,
    periods.last_version,
    periods.begins_at,
    periods.ends_at,
    case
        when periods.ends_at is null then null
        when
            hires.hires >= coalesce(ends.openings, 1)
            or ends.status = 'filled'
            or ends.close_reason = 'filled' then 'filled'
        when ends.expires_at <= ends.ends_at or ends.close_reason = 'expired' then 'expired'
        when ends.status = 'cancelled' or ends.close_reason = 'cancelled' then 'cancelled'
        when ends.is_deleted then 'deleted'
        when ends.status = 'paused' then 'paused'
        else 'closed_other'
    end as end_reason
from periods
inner join {{ ref('openings') }} as openings
    on periods.source = openings.source and periods.job_id = openings.job_id
left join ends
    on
        periods.source = ends.source
        and periods.job_id = ends.job_id
        and periods.period = ends.period
left join hires
    on
        periods.source = hires.source
        and periods.job_id = hires.job_id
        and periods.period = hires.period
