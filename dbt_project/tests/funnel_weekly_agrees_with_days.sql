-- In every group, events of a week are those of its days; its users and cohort are at most those of all days
-- together, and its users at least those of each day. Days that still wait to be built do not count.
{{ config(meta={'dagster': {'ref': {'name': 'funnel_weekly'}}}) }}
{%- set counts = ['searches', 'impressions', 'clicks', 'job_views', 'applies', 'zero_result_searches'] %}
{%- set users = ['users_search', 'users_impression', 'users_click', 'users_apply'] %}
{%- set cohort = ['entered', 'reached_impression', 'reached_click', 'reached_apply'] %}

with waiting as (

    select distinct {{ first_date_of('week', 'queue.event_date') }} as week_start
    from {{ source('bronze', 'rebuild_queue') }} as queue
    where queue.stage = 'gold'

),

weeks as (

    select *
    from {{ ref('funnel_weekly') }}
    where
        {{ in_window('week_start', unit='week') }}
        and week_start not in (select waiting.week_start from waiting)

),

days as (

    select
        {{ first_date_of('week', 'event_date') }} as week_start,
        platform,
        device_type,
        surface,
        {%- for column in users %}
        max({{ column }}) as most_{{ column }},
        {%- endfor %}
        {%- for column in counts + users + cohort %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('funnel_daily') }}
    where {{ in_window('event_date', unit='week') }}
    group by 1, 2, 3, 4

)

select
    weeks.week_start,
    weeks.platform,
    weeks.device_type,
    weeks.surface,
    {%- for column in counts + users + cohort %}
    weeks.{{ column }},
    days.{{ column }} as {{ column }}_of_days{{ ',' if not loop.last }}
    {%- endfor %}
from weeks
left join days
    on
        weeks.week_start = days.week_start
        and weeks.platform = days.platform
        and weeks.device_type = days.device_type
        and weeks.surface = days.surface
where
    days.week_start is null
    {%- for column in counts %}
    or weeks.{{ column }} <> days.{{ column }}
    {%- endfor %}
    {%- for column in users + cohort %}
    or weeks.{{ column }} > days.{{ column }}
    {%- endfor %}
    {%- for column in users %}
    or weeks.{{ column }} < days.most_{{ column }}
    {%- endfor %}
