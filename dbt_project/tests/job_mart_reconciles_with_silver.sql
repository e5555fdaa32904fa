-- All jobs together have the impressions, clicks and applies of silver that name a job.
{{ config(meta={'dagster': {'ref': {'name': 'job_mart'}}}) }}
{%- set counts = {'impressions': 'impression', 'clicks': 'click', 'applies': 'apply'} %}

with marts as (

    select
        {%- for column in counts %}
        coalesce(sum({{ column }}), 0) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('job_mart') }}

),

silver as (

    select
        {%- for column, name in counts.items() %}
        count(case when events.event_name = '{{ name }}' then 1 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_date
    where
        events.job_id is not null
        and {{ in_any_partition('events.event_date') }}
        and events.event_date <= last_date.last_date

)

select
    {%- for column in counts %}
    marts.{{ column }},
    silver.{{ column }} as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from marts
cross join silver
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}marts.{{ column }} <> silver.{{ column }}
    {%- endfor %}
