-- Of each kind, as many first times lie on the dates up to the last one as the facts have.
{{ config(meta={'dagster': {'ref': {'name': 'hiring_activity_daily'}}}) }}
{%- set statuses = statuses_in_order()[1:] %}

with facts as (

    {% for status in statuses -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ status }}' as kind,
        count(*) as first_times
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date(date_of_timestamp('facts.' ~ status ~ '_at')) }}
    {% endfor -%}
    union all
    select
        'applications' as kind,
        count(*) as first_times
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date('facts.applied_date') }}

),

activity as (

    {% for kind in statuses + ['applications'] -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ kind }}' as kind,
        sum({{ kind }}) as first_times
    from {{ ref('hiring_activity_daily') }}
    where company_id = '__all__' and category = '__all__' and channel = '__all__'
    {% endfor %}

)

select
    facts.kind,
    facts.first_times as first_times_of_facts,
    coalesce(activity.first_times, 0) as first_times
from facts
inner join activity on facts.kind = activity.kind
where facts.first_times <> coalesce(activity.first_times, 0)
