{# None of the columns is NULL in the window. A failing row shows them all. #}
{% test never_null(model, columns, date_column='event_date') %}

select {{ columns | join(', ') }}
from {{ model }}
where
    {{ in_window(date_column) }}
    and ({% for column in columns %}{{ column }} is null{{ ' or ' if not loop.last }}{% endfor %})

{% endtest %}
