{{ config(**whole_config(cluster_by=['source', 'job_id'])) }}

with periods as (

    select
        live_periods.source,
        live_periods.job_id,
        live_periods.period,
        live_periods.first_version,
        live_periods.begins_at,
        case when live_periods.ends_at < last_date.closes_at then live_periods.ends_at end as ends_at,
        live_periods.last_version,
        live_periods.ends_as,
        live_periods.people
    from {{ ref('live_periods') }} as live_periods
    cross join {{ ref('last_date') }} as last_date
    where live_periods.begins_at < last_date.closes_at

),

hires as (

    select
        periods.source,
        periods.job_id,
        periods.period,
        count(*) as hires
    from periods
    inner join {{ ref('job_hires') }} as job_hires
        on
            periods.source = job_hires.source
            and periods.job_id = job_hires.job_id
            and periods.ends_at >= job_hires.placed_at
    group by periods.source, periods.job_id, periods.period

)

select
    periods.source,
    periods.job_id,
    periods.period,
    openings.opening_id,
    periods.first_version,
    case when periods.ends_at is not null then periods.last_version end as last_version,
    periods.begins_at,
    periods.ends_at,
    case
        when periods.ends_at is null then null
        when hires.hires >= periods.people then 'filled'
        else periods.ends_as
    end as end_reason
from periods
inner join {{ ref('openings') }} as openings
    on periods.source = openings.source and periods.job_id = openings.job_id
left join hires
    on
        periods.source = hires.source
        and periods.job_id = hires.job_id
        and periods.period = hires.period
