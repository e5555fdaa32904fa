{# Result lists: what a search, recommendation or mail has shown under one search_id. #}

{# The ranks at which a list is cut. #}
{% macro rank_cutoffs() -%}{{ return([1, 3, 5, 10, 20]) }}{%- endmacro %}

{# A click or an apply counts for an item within this time after the item was first shown. #}
{% macro attribution_micros() -%}{{ return(24 * 3600 * 1000000) }}{%- endmacro %}

{#
  A predicate: the dates on which the events of a list may lie. The definition of a list has no bound, so
  these are all dates.
#}
{% macro list_reach(column) -%}{{ column }} >= date '{{ partitions_start() }}'{%- endmacro %}
