{{ config(**whole_config(cluster_by=['event_date'])) }}
{%- set week = 7 %}
{%- set month = 28 %}
{%- set counted = ['logins', 'signups', 'searches', 'job_views', 'bookmarks', 'profile_updates', 'applies'] %}

with days as (

    select
        *,
        min(event_date) over (partition by unit_id) as first_date
    from {{ ref('active_days') }}

),

-- A unit counts once a date, on each of its platforms and over all of them.
present as (

    select
        unit_id,
        event_date,
        {{ rolled_up('platform') }} as platform_group,
        max(case when event_date = first_date then 1 else 0 end) as is_new,
        {%- for column in counted %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from days
    group by
        grouping sets ( -- noqa: PRS
            (unit_id, event_date),
            (unit_id, event_date, platform)
        )

),

-- An active date is counted from then on, until the next one is counted instead or the days are over.
followed as (

    select
        event_date,
        platform_group as platform,
        coalesce(
            lead(event_date) over (partition by unit_id, platform_group order by event_date),
            {{ add_days('event_date', month) }}
        ) as next_date
    from present

),

changes as (

    select
        event_date,
        platform,
        1 as of_week,
        1 as of_month
    from followed
    union all
    select
        least(next_date, {{ add_days('event_date', week) }}) as event_date,
        platform,
        -1 as of_week,
        0 as of_month
    from followed
    union all
    select
        least(next_date, {{ add_days('event_date', month) }}) as event_date,
        platform,
        0 as of_week,
        -1 as of_month
    from followed

),

changes_by_date as (

    select
        event_date,
        platform,
        sum(of_week) as of_week,
        sum(of_month) as of_month
    from changes
    group by event_date, platform

),

activity as (

    select
        event_date,
        platform_group as platform,
        count(*) as dau,
        sum(is_new) as new_units,
        {%- for column in counted %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from present
    group by event_date, platform_group

),

spans as (

    select
        min(events.event_date) as first_date,
        max(last_dates.last_date) as last_date
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_dates
    where {{ in_any_partition('events.event_date') }}

),

platforms as (

    select distinct platform
    from activity

),

dates as (

    select
        covered_on as event_date,
        spans.first_date
    from spans
    cross join {{ unnested(date_array('spans.first_date', 'spans.last_date'), 'covered_on') }}

),

audience as (

    select
        dates.event_date,
        dates.first_date,
        platforms.platform,
        {%- for column, changed in {'wau': 'of_week', 'mau': 'of_month'}.items() %}
        sum(coalesce(changes_by_date.{{ changed }}, 0)) over (
            partition by platforms.platform order by dates.event_date
            rows between unbounded preceding and current row
        ) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from dates
    cross join platforms
    left join changes_by_date
        on dates.event_date = changes_by_date.event_date and platforms.platform = changes_by_date.platform

)

select
    audience.event_date,
    audience.platform,
    coalesce(activity.dau, 0) as dau,
    cast(audience.wau as bigint) as wau,
    cast(audience.mau as bigint) as mau,
    {{ rate('coalesce(activity.dau, 0)', 'audience.mau') }} as stickiness,
    cast(coalesce(activity.new_units, 0) as bigint) as new_units,
    cast(coalesce(activity.dau - activity.new_units, 0) as bigint) as returning_units,
    {%- for column in counted %}
    cast(coalesce(activity.{{ column }}, 0) as bigint) as {{ column }},
    {%- endfor %}
    cast(least(
        {{ days_of_date('audience.event_date') }} - {{ days_of_date('audience.first_date') }} + 1, {{ month }}
    ) as bigint) as window_days
from audience
left join activity
    on audience.event_date = activity.event_date and audience.platform = activity.platform
where audience.mau > 0
