{#
  A predicate: a staged line's event_date lies in the window, widened by whole days on either side. Staging is
  partitioned by the day of the file, and a file holds no date later than the day after its own; so only files
  since the day before the window need to be looked at. Late ones may be of any later day.
#}
{% macro staged_in_window(lines, days_before=0, days_after=0) -%}
    {{ in_window(lines ~ '.event_date', days_before, days_after) }}
    and {{ since_window(lines ~ '._source_dt', days_before + 1) }}
{%- endmacro %}

{# A predicate: `column` is not earlier than the window, widened by whole days. #}
{% macro since_window(column, days_before) -%}
    {%- set ranges = window_ranges(days_before) -%}
    {{ column }} >= date '{{ partitions_start() if ranges is none else ranges[0][0] }}'
{%- endmacro %}
