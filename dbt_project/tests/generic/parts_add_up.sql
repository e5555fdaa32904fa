{#
  In every group, the sums of the columns over the rows of the parts are those of the whole. A failing row
  shows both; a group without a whole, or without parts, fails too unless its sums are 0.
#}
{% test parts_add_up(model, group_by, whole, parts, columns) %}

with sums as (

    select
        {{ group_by | join(', ') }},
        {%- for column in columns %}
        sum(case when {{ whole }} then {{ column }} else 0 end) as {{ column }}_of_whole,
        sum(case when {{ parts }} then {{ column }} else 0 end) as {{ column }}_of_parts{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    where {{ in_window(group_by[0]) }}
    group by {{ group_by | join(', ') }}

)

select *
from sums
where {% for column in columns %}{{ column }}_of_whole <> {{ column }}_of_parts{{ ' or ' if not loop.last }}{% endfor %}

{% endtest %}
