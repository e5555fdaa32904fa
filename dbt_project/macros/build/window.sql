{#
  The half-open range of dates [start, end) that an invocation builds, given on the command line as
  --event-time-start and --event-time-end (unlike --vars they leave partial parsing on). An invocation
  without them builds every date.
#}

{% macro window_bound(name) -%}
    {%- set given = invocation_args_dict.get(name) -%}
    {%- if given is none -%}{{ return(none) }}{%- endif -%}
    {{ return(modules.datetime.date.fromisoformat((given | string)[:10])) }}
{%- endmacro %}

{#
  A predicate: `column` lies in the window, widened by whole days on either side. Literal dates, so that
  BigQuery prunes partitions.
#}
{% macro in_window(column, days_before=0, days_after=0) -%}
    {%- set start = window_bound('event_time_start') -%}
    {%- set end = window_bound('event_time_end') -%}
    {%- if start is none or end is none -%}
        {{ column }} >= date '{{ partitions_start() }}'
    {%- else -%}
        {{ column }} >= date '{{ start - modules.datetime.timedelta(days=days_before) }}'
        and {{ column }} < date '{{ end + modules.datetime.timedelta(days=days_after) }}'
    {%- endif -%}
{%- endmacro %}

{# A predicate: `column` lies before the end of the window. What accumulates reads all of its history. #}
{% macro up_to_window(column) -%}
    {%- set end = window_bound('event_time_end') -%}
    {{ column }} >= date '{{ partitions_start() }}'
    {%- if end is not none %} and {{ column }} < date '{{ end }}'{%- endif -%}
{%- endmacro %}
