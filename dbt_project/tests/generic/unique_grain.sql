{# No two rows of the window share the given columns; the first of them is the date of the partition. #}
{% test unique_grain(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as rows_of_key
from {{ model }}
where {{ in_window(columns[0]) }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
