{# Every group of the window has this many rows. #}
{% test rows_per_group(model, group_by, rows) %}

select
    {{ group_by | join(', ') }},
    count(*) as rows_found
from {{ model }}
where {{ in_window(group_by[0]) }}
group by {{ group_by | join(', ') }}
having count(*) <> {{ rows }}

{% endtest %}
