-- Rows with a reference are those of the facts that have the id and a date.
{{ config(meta={'dagster': {'ref': {'name': 'entity_orphans_daily'}}}) }}
{%- set facts = [
    ('fact_application', 'job_id', 'applied_date'),
    ('fact_placement', 'job_id', 'placed_at'),
    ('fact_timesheet', 'placement_id', 'week_starting'),
    ('fact_invoice', 'company_id', 'issued_on'),
] %}

with counted as (

    {% for fact, column, date in facts -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ fact }}' as fact,
        count(*) as facts
    from {{ ref(fact) }}
    where {{ column }} is not null and {{ date }} is not null
    {% endfor %}

),

told as (

    select
        fact,
        sum({{ adapter.quote('rows') }}) as rows_of_days
    from {{ ref('entity_orphans_daily') }}
    where
        {%- for fact, column, date in facts %}
        {{ 'or ' if not loop.first }}(fact = '{{ fact }}' and {{ adapter.quote('column') }} = '{{ column }}')
        {%- endfor %}
    group by fact

)

select
    counted.fact,
    counted.facts,
    coalesce(told.rows_of_days, 0) as rows_of_days
from counted
left join told on counted.fact = told.fact
where counted.facts <> coalesce(told.rows_of_days, 0)
