{# The columns of a mart are those of the last row of its history, for every id of either. A failing row shows both. #}
{% test history_ends_with_its_mart(model, history, id, columns) %}

with ends as (

    select
        {{ columns | join(', ') }},
        {{ id }}
    from {{ history }}
    where valid_to is null

)

select
    marts.{{ id }},
    ends.{{ id }} as {{ id }}_of_history,
    {%- for column in columns %}
    marts.{{ column }},
    ends.{{ column }} as {{ column }}_of_history{{ ',' if not loop.last }}
    {%- endfor %}
from {{ model }} as marts
full outer join ends on marts.{{ id }} = ends.{{ id }}
where
    marts.{{ id }} is null
    or ends.{{ id }} is null
    {%- for column in columns %}
    or marts.{{ column }} <> ends.{{ column }}
    {%- endfor %}

{% endtest %}
