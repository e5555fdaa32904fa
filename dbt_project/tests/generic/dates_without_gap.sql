{#
  A group has a row for every date between its first and its last one: looked at is what lies before each row of
  the window, and of the day after it, whether that was built with it or before.
#}
{% test dates_without_gap(model, group_by, date_column) %}

with steps as (

    select
        {{ group_by | join(', ') }},
        {{ date_column }},
        lag({{ date_column }}) over (partition by {{ group_by | join(', ') }} order by {{ date_column }})
            as date_before
    from {{ model }}
    where {{ date_column }} >= date '{{ partitions_start() }}'

)

select *
from steps
where
    {{ in_window(date_column, 0, 1) }}
    and {{ date_column }} > {{ add_days('date_before', 1) }}

{% endtest %}
