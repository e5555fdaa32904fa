{#
  The order of an application's observations of one time, as a number, of which the smallest counts first: what an event
  says before a column before a version; then the later status.
#}
{% macro rank_of_observation(origin_rank, status) -%}
    ({{ origin_rank }} * 100 + case {{ status }}
        {%- for status in statuses_in_order() | reverse %} when '{{ status }}' then {{ loop.index }}{% endfor %} end)
{%- endmacro %}

{# The status that such a number is of. #}
{% macro status_of_rank(rank) -%}
    case mod({{ rank }}, 100)
            {%- for status in statuses_in_order() | reverse %}
            when {{ loop.index }} then '{{ status }}'
            {%- endfor %}
        end
{%- endmacro %}

{# Where a status is known from, in the order in which that counts. #}
{% macro origins() -%}{{ return(['event', 'column', 'version']) }}{%- endmacro %}

{% macro rank_of_origin(origin) -%}
    case {{ origin }}{% for origin in origins() %} when '{{ origin }}' then {{ loop.index }}{% endfor %} end
{%- endmacro %}

{% macro origin_of_rank(rank) -%}
    case {{ rank }}{% for origin in origins() %} when {{ loop.index }} then '{{ origin }}'{% endfor %} end
{%- endmacro %}
