{# The last row of each id's history says what the mart does, for every id of either. A failing row shows both. #}
{% test history_ends_with_its_mart(model, mart, id, columns) %}

with ends as (

    select
        {{ columns | join(', ') }},
        {{ id }}
    from {{ model }}
    where valid_to is null

)

select
    ends.{{ id }},
    marts.{{ id }} as {{ id }}_of_mart,
    {%- for column in columns %}
    ends.{{ column }},
    marts.{{ column }} as {{ column }}_of_mart{{ ',' if not loop.last }}
    {%- endfor %}
from ends
full outer join {{ mart }} as marts on ends.{{ id }} = marts.{{ id }}
where
    ends.{{ id }} is null
    or marts.{{ id }} is null
    {%- for column in columns %}
    or ends.{{ column }} <> marts.{{ column }}
    {%- endfor %}

{% endtest %}
