-- Units over all platforms are at most those of the platforms together, and at least those of each.
{{ config(meta={'dagster': {'ref': {'name': 'platform_health_daily'}}}) }}
{%- set counts = ['dau', 'wau', 'mau', 'new_units'] %}

select
    health.event_date,
    {%- for column in counts %}
    sum(case when health.platform = '__all__' then health.{{ column }} else 0 end) as {{ column }},
    sum(case when health.platform <> '__all__' then health.{{ column }} else 0 end)
        as {{ column }}_of_platforms,
    max(case when health.platform <> '__all__' then health.{{ column }} else 0 end)
        as most_{{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ ref('platform_health_daily') }} as health
where {{ in_window('health.event_date') }}
group by health.event_date
having
    {%- for column in counts %}
    {{ 'or ' if not loop.first -}}
    sum(case when health.platform = '__all__' then health.{{ column }} else 0 end)
    > sum(case when health.platform <> '__all__' then health.{{ column }} else 0 end)
    or sum(case when health.platform = '__all__' then health.{{ column }} else 0 end)
    < max(case when health.platform <> '__all__' then health.{{ column }} else 0 end)
    {%- endfor %}
