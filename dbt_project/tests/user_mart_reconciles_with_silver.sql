-- All units together have the active events of silver, and every unit with one is there.
{{ config(meta={'dagster': {'ref': {'name': 'user_mart'}}}) }}
{%- set counts = {'searches': 'search', 'clicks': 'click', 'applies': 'apply'} %}

with marts as (

    select
        count(*) as units,
        {%- for column in counts %}
        coalesce(sum({{ column }}), 0) as {{ column }},
        {%- endfor %}
        coalesce(sum(events), 0) as events
    from {{ ref('user_mart') }}

),

silver as (

    select
        count(distinct events.unit_id) as units,
        {%- for column, name in counts.items() %}
        count(case when events.event_name = '{{ name }}' then 1 end) as {{ column }},
        {%- endfor %}
        count(*) as events
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_date
    where
        events.event_name in ({{ quoted_list(event_names()) }})
        and events.event_name <> 'application_status'
        and {{ in_any_partition('events.event_date') }}
        and events.event_date <= last_date.last_date

)

select
    {%- for column in ['units', 'events'] + counts | list %}
    marts.{{ column }},
    silver.{{ column }} as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from marts
cross join silver
where
    {%- for column in ['units', 'events'] + counts | list %}
    {{ 'or ' if not loop.first }}marts.{{ column }} <> silver.{{ column }}
    {%- endfor %}
