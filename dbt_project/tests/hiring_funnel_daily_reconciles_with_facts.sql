-- All applications of a date, and those that came to a stage or stand in a status, are those of the facts.
{{ config(meta={'dagster': {'ref': {'name': 'hiring_funnel_daily'}}}) }}
{%- set conditions = {
    'applications': 'true',
    'qualified': 'facts.qualified_at is not null',
    'disqualified': 'facts.disqualified_at is not null',
    'rejected': "facts.status = 'rejected'",
    'withdrawn': "facts.status = 'withdrawn'",
    'open': 'facts.is_open',
} %}
{%- for stage in stages_of_hiring()[1:] %}
{%- do conditions.update({'reached_' ~ stage: 'facts.reached_' ~ stage}) %}
{%- endfor %}

with facts as (

    select
        facts.applied_date,
        {%- for name, condition in conditions.items() %}
        count(case when {{ condition }} then 1 end) as {{ name }}_of_facts{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date('facts.applied_date') }}
    group by facts.applied_date

),

funnel as (

    select *
    from {{ ref('hiring_funnel_daily') }}
    where company_id = '__all__' and category = '__all__' and channel = '__all__'

)

select
    coalesce(facts.applied_date, funnel.applied_date) as applied_date,
    {%- for name in conditions %}
    facts.{{ name }}_of_facts,
    funnel.{{ adapter.quote(name) }}{{ ',' if not loop.last }}
    {%- endfor %}
from facts
full outer join funnel on facts.applied_date = funnel.applied_date
where
    facts.applied_date is null
    or funnel.applied_date is null
    {%- for name in conditions %}
    or facts.{{ name }}_of_facts <> funnel.{{ adapter.quote(name) }}
    {%- endfor %}
