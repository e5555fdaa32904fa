{#
  A predicate: a staged line's event_date lies in the window, widened by whole days on either side. Staging is
  partitioned by the day of the file, and a file holds no date later than the day after its own; so only files
  since the day before the window need to be looked at. Late ones may be of any later day.
#}
{% macro staged_in_window(lines, days_before=0, days_after=0) -%}
    {{ in_window(lines ~ '.event_date', days_before, days_after) }}
    and {{ since_window(lines ~ '._source_dt', days_before + 1) }}
{%- endmacro %}

{#
  A predicate: an event date that a stale row of the window's files may lie on. Any, where looking is cheap; where
  what is read is billed, a month around the window.
#}
{% macro near_window(column) -%}{{ return(adapter.dispatch('near_window')(column)) }}{%- endmacro %}

{% macro duckdb__near_window(column) -%}{{ column }} is not null{%- endmacro %}

{% macro bigquery__near_window(column) -%}{{ in_window(column, 31, 31) }}{%- endmacro %}

{# A predicate: `column` is not earlier than the window, widened by whole days. #}
{% macro since_window(column, days_before) -%}
    {%- set ranges = window_ranges(days_before) -%}
    {{ column }} >= date '{{ first_file_day() if ranges is none else ranges[0][0] }}'
{%- endmacro %}
