-- Counts over all platforms are the events of the date in silver.
{{ config(meta={'dagster': {'ref': {'name': 'platform_health_daily'}}}) }}
{%- set counts = {
    'logins': 'login', 'signups': 'signup', 'searches': 'search', 'job_views': 'job_view',
    'bookmarks': 'bookmark', 'profile_updates': 'profile_update', 'applies': 'apply'
} %}

with gold as (

    select *
    from {{ ref('platform_health_daily') }}
    where platform = '__all__' and {{ in_window('event_date') }}

),

silver as (

    select
        event_date,
        {%- for column, name in counts.items() %}
        sum(case when event_name = '{{ name }}' then 1 else 0 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('events') }}
    where {{ in_any_partition('event_date') }} and {{ in_window('event_date') }}
    group by event_date

)

select
    coalesce(gold.event_date, silver.event_date) as event_date,
    {%- for column in counts %}
    coalesce(gold.{{ column }}, 0) as {{ column }},
    coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from gold
full outer join silver on gold.event_date = silver.event_date
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}coalesce(gold.{{ column }}, 0) <> coalesce(silver.{{ column }}, 0)
    {%- endfor %}
