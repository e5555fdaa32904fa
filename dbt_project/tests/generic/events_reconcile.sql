{#
  Event counts of a table are those of silver: on every date of the window, the sums over the rows of `whole`
  are the events that meet the conditions, {column: condition on an event}. A failing row shows both. Of a table by
  week, on every week.
#}
{% test events_reconcile(model, whole, counts, date_column='event_date', unit='day') %}

with gold as (

    select
        {{ date_column }},
        {%- for column in counts %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    where {{ whole }} and {{ in_window(date_column, unit=unit) }}
    group by {{ date_column }}

),

silver as (

    select
        {{ first_date_of(unit, 'event_date') }} as {{ date_column }},
        {%- for column, condition in counts.items() %}
        sum(case when {{ condition }} then 1 else 0 end) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('events') }}
    where {{ in_window('event_date', unit=unit) }}
    group by 1

)

select
    coalesce(gold.{{ date_column }}, silver.{{ date_column }}) as {{ date_column }},
    {%- for column in counts %}
    coalesce(gold.{{ column }}, 0) as {{ column }},
    coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver{{ ',' if not loop.last }}
    {%- endfor %}
from gold
full outer join silver on gold.{{ date_column }} = silver.{{ date_column }}
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}coalesce(gold.{{ column }}, 0) <> coalesce(silver.{{ column }}, 0)
    {%- endfor %}

{% endtest %}
