{{ config(**whole_config(cluster_by=['unit_id'])) }}

with days as (

    select
        active_days.*,
        last_date.last_date
    from {{ ref('active_days') }} as active_days
    cross join {{ ref('last_date') }} as last_date
    where active_days.events > 0 and active_days.event_date <= last_date.last_date

),

units as (

    select
        unit_id,
        last_date,
        sum(events) as events,
        sum(searches) as searches,
        sum(clicks) as clicks,
        sum(applies) as applies,
        count(distinct case when {{ add_days('event_date', mart_days()) }} > last_date then event_date end)
            as active_days_28,
        min(event_date) as first_seen_on,
        max(event_date) as last_seen_on
    from days
    group by unit_id, last_date

),

clicked_jobs as (

    select
        events.unit_id,
        events.job_id,
        events.event_ts
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_date
    where
        events.event_name = 'click'
        and {{ in_any_partition('events.event_date') }}
        and events.event_date <= last_date.last_date

),

job_members as (

    {{ members_of('job', also=['category'], of='clicked_jobs') }}

),

categories as (

    select
        clicked_jobs.unit_id,
        {{ known('job_members.category') }} as category,
        count(*) as clicks
    from clicked_jobs
    {{ as_of('job', 'clicked_jobs.job_id', 'clicked_jobs.event_ts') }}
    group by clicked_jobs.unit_id, {{ known('job_members.category') }}

),

top_categories as (

    select
        unit_id,
        category
    from categories
    where true
    qualify row_number() over (partition by unit_id order by clicks desc, category asc) = 1

)

select
    units.unit_id,
    cast(units.events as bigint) as events,
    cast(units.searches as bigint) as searches,
    cast(units.clicks as bigint) as clicks,
    cast(units.applies as bigint) as applies,
    units.active_days_28,
    units.first_seen_on as first_date,
    units.last_seen_on as last_date,
    cast({{ days_of_date('units.last_date') }} - {{ days_of_date('units.last_seen_on') }} as bigint)
        as days_since_last,
    {{ tier_of('segment', 'units.active_days_28') }} as segment,
    case
        when {{ reaches('units.clicks', 'style', '(enough)') }}
            then {{ tier_of('style', rate('units.applies', 'units.clicks')) }}
    end as style,
    top_categories.category as top_category
from units
left join top_categories on units.unit_id = top_categories.unit_id
