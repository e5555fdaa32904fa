{# Where a status is known from, the word that counts first as the smallest number. #}
{% macro rank_of_origin(origin) -%}
    case {{ origin }} when 'event' then 1 when 'column' then 2 else 3 end
{%- endmacro %}

{#
  The order of an application's observed statuses, the one that counts first: the latest; at equal times what an event
  says before a column before a version; then the later status.
#}
{% macro latest_first() -%}
    order by
            observed_at desc,
            {{ rank_of_origin('origin') }},
            case status
                {%- for status in statuses_in_order() %} when '{{ status }}' then {{ loop.index }}{% endfor %} end desc
{%- endmacro %}
