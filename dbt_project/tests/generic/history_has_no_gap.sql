{#
  Rows of an id follow each other: each begins where the one before ends, all but the last have an end, and no two
  neighbours say the same. A failing row shows the two.
#}
{% test history_has_no_gap(model, id, columns) %}

with neighbours as (

    select
        {{ id }},
        valid_from,
        valid_to,
        lead(valid_from) over (partition by {{ id }} order by valid_from) as next_valid_from,
        {%- for column in columns %}
        {{ column }},
        lead({{ column }}) over (partition by {{ id }} order by valid_from) as next_{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}

)

select *
from neighbours
where
    (valid_to is null and next_valid_from is not null)
    or (valid_to is not null and next_valid_from is null)
    or valid_to <> next_valid_from
    or ({% for column in columns %}{{ 'and ' if not loop.first }}{{ column }} = next_{{ column }} {% endfor %})

{% endtest %}
