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

with {% for entity in ['job', 'company', 'candidate', 'campaign', 'application', 'placement'] -%}
known_{{ entity }} as (

    select distinct cast({{ id_of(entity) }} as string) as id
    from {{ ref(entity ~ '_versions') }}

),

{% endfor -%}
referring as (

    {% for fact, model, date, references in facts -%}
    {% set outer_loop = loop -%}
    {% for column, entity in references.items() -%}
    {{ 'union all' if not (loop.first and outer_loop.first) }}
    select
        '{{ fact }}' as fact,
        '{{ column }}' as referring_column,
        {{ date }} as happened_on,
        count(*) as row_count,
        count(*) - count(known.id) as orphans
    from {{ ref(model) }} as rows_of_fact
    left join known_{{ entity }} as known on cast(rows_of_fact.{{ column }} as string) = known.id
    where
        rows_of_fact.{{ column }} is not null
        and {{ date }} is not null
        {%- if model == 'events' %}
        and {{ in_any_partition('event_date') }}
        and rows_of_fact.event_name in ({{ quoted_list(fact_event_names()) }})
        {%- endif %}
    group by {{ date }}
    {% endfor %}
    {%- endfor %}

)

select
    fact,
    referring_column as {{ adapter.quote('column') }},
    happened_on as {{ adapter.quote('date') }},
    cast(row_count as bigint) as {{ adapter.quote('rows') }},
    cast(orphans as bigint) as orphans
from referring
