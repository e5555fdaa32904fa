{#
  Event counts of a table are those of silver: on every date of the window, the sums over the rows of `whole`
  are the events that meet the conditions, {column: condition on an event}. A failing row shows both.
#}
{% test events_reconcile(model, whole, counts) %}

with gold as (

    select
        event_date,
        {%- for column in counts %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    where {{ whole }} and {{ in_window('event_date') }}
    group by event_date

),

silver as (

    select
        event_date,
        {%- for column, condition in counts.items() %}
        sum(case when {{ condition }} then 1 else 0 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('events') }}
    where {{ in_window('event_date') }}
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

{% endtest %}
