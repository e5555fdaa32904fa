{# A group has a row for every date between its first and its last one of the window. #}
{% test dates_without_gap(model, group_by, date_column) %}

with steps as (

    select
        {{ group_by | join(', ') }},
        {{ date_column }},
        lag({{ date_column }}) over (partition by {{ group_by | join(', ') }} order by {{ date_column }})
            as date_before
    from {{ model }}
    where {{ in_window(date_column) }}

)

select *
from steps
where {{ date_column }} > {{ add_days('date_before', 1) }}

{% endtest %}
