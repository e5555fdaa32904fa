{{ config(**whole_config()) }}
{#- Of each fact: the model that it is read from, the date of its keys, and what its ids refer to. #}
{%- set facts = [
    ('fact_event', 'events', 'event_date', {'job_id': 'job', 'campaign_id': 'campaign'}),
    (
        'fact_application',
        'fact_application',
        'applied_date',
        {'job_id': 'job', 'candidate_id': 'candidate', 'campaign_id': 'campaign'},
    ),
    (
        'fact_placement',
        'fact_placement',
        date_of_timestamp('placed_at'),
        {'application_id': 'application', 'job_id': 'job', 'candidate_id': 'candidate', 'company_id': 'company'},
    ),
    ('fact_timesheet', 'fact_timesheet', 'week_starting', {'placement_id': 'placement'}),
    ('fact_invoice', 'fact_invoice', 'issued_on', {'company_id': 'company', 'placement_id': 'placement'}),
] %}

with known as (

    {% for entity in ['job', 'company', 'candidate', 'campaign', 'application', 'placement'] -%}
    {{ 'union distinct' if not loop.first }}
    select
        '{{ entity }}' as entity,
        cast({{ id_of(entity) }} as string) as id
    from {{ ref(entity ~ '_versions') }}
    {% endfor %}

),

referring as (

    {% for fact, model, date, references in facts -%}
    {% set outer_loop = loop -%}
    {% for column, entity in references.items() -%}
    {{ 'union all' if not (loop.first and outer_loop.first) }}
    select
        '{{ fact }}' as fact,
        '{{ column }}' as referring_column,
        '{{ entity }}' as entity,
        {{ date }} as happened_on,
        cast({{ column }} as string) as id,
        count(*) as rows_of_id
    from {{ ref(model) }}
    where
        {{ column }} is not null
        and {{ date }} is not null
        {%- if model == 'events' %}
        and {{ in_any_partition('event_date') }}
        and event_name in ({{ quoted_list(fact_event_names()) }})
        {%- endif %}
    group by {{ date }}, {{ column }}
    {% endfor %}
    {%- endfor %}

)

select
    referring.fact,
    referring.referring_column as {{ adapter.quote('column') }},
    referring.happened_on as {{ adapter.quote('date') }},
    cast(sum(referring.rows_of_id) as bigint) as {{ adapter.quote('rows') }},
    cast(sum(case when known.id is null then referring.rows_of_id else 0 end) as bigint) as orphans
from referring
left join known on referring.entity = known.entity and referring.id = known.id
group by referring.fact, referring.referring_column, referring.happened_on
