{# Within a group, the columns do not fall from one row of the window to the next, but for rounding. #}
{% test never_falls(model, columns, group_by, order_by, date_column='event_date') %}

with steps as (

    select
        {{ (group_by + [order_by] + columns) | unique | join(', ') }},
        {%- for column in columns %}
        lag({{ column }}) over (partition by {{ group_by | join(', ') }} order by {{ order_by }})
            as {{ column }}_before{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    where {{ in_window(date_column) }}

)

select *
from steps
where {% for column in columns %}{{ column }} < {{ column }}_before - 1e-9{{ ' or ' if not loop.last }}{% endfor %}

{% endtest %}
