{# Result lists: what a search, recommendation or mail has shown under one search_id. #}

{# The ranks at which a list is cut. #}
{% macro rank_cutoffs() -%}{{ return([1, 3, 5, 10, 20]) }}{%- endmacro %}

{# A click or an apply counts for an item within this time after the item was first shown. #}
{% macro attribution_micros() -%}{{ return(24 * 3600 * 1000000) }}{%- endmacro %}

{#
  A predicate: the dates on which events of the window's lists may lie. The definition of a list has no bound,
  so these can be any dates. The platform looks them up in stg_search_dates and lists them in the variable
  `linked_dates`; without it they are all dates.
#}
{% macro list_reach(column) -%}
    {%- set listed = var('linked_dates', '') -%}
    {{ in_ranges(column, listed_ranges(listed) if listed else none) }}
{%- endmacro %}
