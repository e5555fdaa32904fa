{# Every group of the window has this many values of the column. #}
{% test values_per_group(model, group_by, column, values) %}

select
    {{ group_by | join(', ') }},
    count(distinct {{ column }}) as values_found
from {{ model }}
where {{ in_window(group_by[0]) }}
group by {{ group_by | join(', ') }}
having count(distinct {{ column }}) <> {{ values }}

{% endtest %}
