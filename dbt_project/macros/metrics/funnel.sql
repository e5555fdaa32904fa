{#
  The funnel by day or by week: funnel_daily and funnel_weekly count alike, and a unit of a week counts once.

  date: the column with the first date of the partition; of days, event_date.
  unit: day, or week from Monday on.
#}
{% macro funnel(date, unit) -%}
{%- set counts = {
    'search': 'searches', 'impression': 'impressions', 'click': 'clicks', 'job_view': 'job_views',
    'apply': 'applies'
} %}
{%- set steps = ['impression', 'click', 'apply'] %}
{%- set window_micros = 24 * 3600 * 1000000 %}

with events as (

    select
        event_date,
        {%- if unit != 'day' %}
        {{ first_date_of(unit, 'event_date') }} as {{ date }},
        {%- endif %}
        event_id,
        event_name,
        unit_id,
        results_count,
        {{ micros_of_timestamp('event_ts') }} as micros,
        {{ known('platform') }} as cohort_platform,
        {{ known('device_type') }} as cohort_device_type,
        surface as cohort_surface
    from {{ ref('events') }}
    where
        event_name in ({{ quoted_list(counts.keys()) }})
        and {{ in_window('event_date', days_after=1, unit=unit) }}

),

-- A unit enters with its first search of the date, or week.
numbered_searches as (

    select
        *,
        row_number() over (partition by {{ date }}, unit_id order by micros, event_id) as search_number
    from events
    where event_name = 'search' and {{ in_window(date, unit=unit) }}

),

entered as (

    select
        {{ date }} as cohort_date,
        unit_id,
        cohort_platform,
        cohort_device_type,
        cohort_surface,
        micros as entered_micros
    from numbered_searches
    where search_number = 1

),

-- An event can be a step of its own date's cohort, and on the first day of that also of the cohort before.
steps as (

    select
        {{ date }} as cohort_date,
        unit_id,
        event_name,
        micros
    from events
    where event_name in ({{ quoted_list(steps) }})
    union all
    select
        {{ first_date_of(unit, add_days('event_date', -1)) }} as cohort_date,
        unit_id,
        event_name,
        micros
    from events
    where event_name in ({{ quoted_list(steps) }}){% if unit != 'day' %} and event_date = {{ date }}{% endif %}

),
{% set before = namespace(cte='entered', micros='entered_micros') %}
{%- for step in steps %}
reached_{{ step }} as (

    select
        {{ before.cte }}.cohort_date,
        {{ before.cte }}.unit_id,
        {{ before.cte }}.entered_micros,
        min(steps.micros) as {{ step }}_micros
    from {{ before.cte }}
    inner join steps
        on
            {{ before.cte }}.cohort_date = steps.cohort_date
            and {{ before.cte }}.unit_id = steps.unit_id
    where
        steps.event_name = '{{ step }}'
        and steps.micros >= {{ before.cte }}.{{ before.micros }}
        and steps.micros <= {{ before.cte }}.entered_micros + {{ window_micros }}
    group by {{ before.cte }}.cohort_date, {{ before.cte }}.unit_id, {{ before.cte }}.entered_micros

),
{% set before.cte = 'reached_' ~ step %}{% set before.micros = step ~ '_micros' %}
{%- endfor %}
-- Events of the date, or week, counted by unit before all of them are rolled up; and units of its cohort, one row each.
observations as (

    select
        {{ date }},
        cohort_platform as platform,
        cohort_device_type as device_type,
        cohort_surface as surface,
        event_name,
        unit_id,
        count(*) as events,
        sum(case when event_name = 'search' and results_count = 0 then 1 else 0 end) as zero_result_searches,
        0 as entered,
        {%- for step in steps %}
        0 as reached_{{ step }}{{ ',' if not loop.last }}
        {%- endfor %}
    from events
    where {{ in_window(date, unit=unit) }}
    group by {{ date }}, cohort_platform, cohort_device_type, cohort_surface, event_name, unit_id
    union all
    select
        entered.cohort_date as {{ date }},
        entered.cohort_platform as platform,
        entered.cohort_device_type as device_type,
        entered.cohort_surface as surface,
        'entered' as event_name,
        null as unit_id,
        0 as events,
        0 as zero_result_searches,
        1 as entered,
        {%- for step in steps %}
        case when reached_{{ step }}.unit_id is null then 0 else 1 end
            as reached_{{ step }}{{ ',' if not loop.last }}
        {%- endfor %}
    from entered
    {%- for step in steps %}
    left join reached_{{ step }}
        on
            entered.cohort_date = reached_{{ step }}.cohort_date
            and entered.unit_id = reached_{{ step }}.unit_id
    {%- endfor %}

),

counted as (

    select
        {{ date }},
        {{ rolled_up('platform') }} as platform_group,
        {{ rolled_up('device_type') }} as device_type_group,
        {{ rolled_up('surface') }} as surface_group,
        {% for name, column in counts.items() -%}
        sum(case when event_name = '{{ name }}' then events else 0 end) as {{ column }},
        {% endfor -%}
        sum(zero_result_searches) as zero_result_searches,
        {% for name in ['search'] + steps -%}
        count(distinct case when event_name = '{{ name }}' then unit_id end) as users_{{ name }},
        {% endfor -%}
        sum(entered) as entered,
        {%- for step in steps %}
        sum(reached_{{ step }}) as reached_{{ step }}{{ ',' if not loop.last }}
        {%- endfor %}
    from observations
    group by
        grouping sets ( -- noqa: PRS
            ({{ date }}),
            ({{ date }}, platform),
            ({{ date }}, device_type),
            ({{ date }}, surface),
            ({{ date }}, platform, device_type, surface)
        )

)

select
    {{ date }},
    platform_group as platform,
    device_type_group as device_type,
    surface_group as surface,
    {%- for column in [
        'searches', 'impressions', 'clicks', 'job_views', 'applies', 'zero_result_searches',
        'users_search', 'users_impression', 'users_click', 'users_apply'
    ] %}
    cast({{ column }} as bigint) as {{ column }},
    {%- endfor %}
    {{ rate('users_click', 'users_impression') }} as ctr_user_level,
    {{ rate('users_apply', 'users_click') }} as apply_per_click_user_level,
    {%- for column in ['entered', 'reached_impression', 'reached_click', 'reached_apply'] %}
    cast({{ column }} as bigint) as {{ column }},
    {%- endfor %}
    {{ rate('reached_impression', 'entered') }} as search_to_impression_rate,
    {{ rate('reached_click', 'reached_impression') }} as impression_to_click_rate,
    {{ rate('reached_apply', 'reached_click') }} as click_to_apply_rate,
    {{ rate('reached_apply', 'entered') }} as search_to_apply_rate
from counted
{%- endmacro %}
