{#
  The dates that an invocation builds: ranges [start, end), ascending and apart from each other, or none for
  every date. The platform lists them in the variable `window`, first/last comma first/last, since dates that late
  events touch lie anywhere; on the command line --event-time-start and --event-time-end give one range (unlike
  --vars, both leave partial parsing on).
#}
{% macro window_ranges(days_before=0) -%}
    {%- set day = modules.datetime.date.fromisoformat -%}
    {%- set listed = var('window', '') -%}
    {%- set start = invocation_args_dict.get('event_time_start') -%}
    {%- set end = invocation_args_dict.get('event_time_end') -%}
    {%- if listed -%}
        {%- set given = listed_ranges(listed) -%}
    {%- elif start is not none and end is not none -%}
        {%- set given = [(day((start | string)[:10]), day((end | string)[:10]))] -%}
    {%- else -%}
        {{ return(none) }}
    {%- endif -%}
    {{ return(widened(given, days_before, 0)) }}
{%- endmacro %}

{# Ranges widened by whole days on either side; those that meet become one. #}
{% macro widened(given, days_before, days_after) -%}
    {%- set ranges = [] -%}
    {%- for start, end in given -%}
        {%- set start = shifted(start, -days_before) -%}
        {%- set end = shifted(end, days_after) -%}
        {%- if ranges and ranges[-1][1] >= start -%}
            {%- set start = ranges.pop()[0] -%}
        {%- endif -%}
        {%- do ranges.append((start, end)) -%}
    {%- endfor -%}
    {{ return(ranges) }}
{%- endmacro %}

{# A date some days away, as far as the calendar goes. #}
{% macro shifted(day, days) -%}
    {%- set date = modules.datetime.date -%}
    {%- set number = [date.min.toordinal(), day.toordinal() + days, date.max.toordinal()] | sort -%}
    {{ return(date.fromordinal(number[1])) }}
{%- endmacro %}

{# Ranges [start, end) of dates as the platform lists them. #}
{% macro listed_ranges(listed) -%}
    {%- set day = modules.datetime.date.fromisoformat -%}
    {%- set ranges = [] -%}
    {%- for first_last in listed.split(',') -%}
        {%- set first, last = first_last.split('/') -%}
        {%- do ranges.append((day(first), shifted(day(last), 1))) -%}
    {%- endfor -%}
    {{ return(ranges) }}
{%- endmacro %}

{#
  A predicate: `column` lies in the window, each range of it widened to whole weeks or months where partitions are
  such, then by whole days on either side. Literal dates, so that BigQuery prunes partitions.
#}
{% macro in_window(column, days_before=0, days_after=0, unit='day') -%}
    {%- set ranges = window_ranges() -%}
    {%- if ranges is none -%}
        {{- column }} >= date '{{ first_of_unit(first_file_day(), unit) }}'
    {%- else -%}
        {{- in_ranges(column, widened(in_units(ranges, unit), days_before, days_after)) -}}
    {%- endif -%}
{%- endmacro %}

{# Ranges widened to whole units: days, weeks from Monday on, or months. #}
{% macro in_units(ranges, unit) -%}
    {%- set whole = [] -%}
    {%- for start, end in ranges -%}
        {%- set start = first_of_unit(start, unit) -%}
        {%- set last = shifted(end, -1) -%}
        {%- if unit == 'week' -%}
            {%- set end = shifted(first_of_unit(last, unit), 7) -%}
        {%- elif unit == 'month' -%}
            {%- set end = first_of_unit(shifted(first_of_unit(last, unit), 31), unit) -%}
        {%- endif -%}
        {%- do whole.append((start, end)) -%}
    {%- endfor -%}
    {{ return(widened(whole, 0, 0)) }}
{%- endmacro %}

{% macro first_of_unit(day, unit) -%}
    {%- if unit == 'week' -%}
        {{ return(shifted(day, -day.weekday())) }}
    {%- elif unit == 'month' -%}
        {{ return(day.replace(day=1)) }}
    {%- endif -%}
    {{ return(day) }}
{%- endmacro %}

{# A predicate: `column` lies in one of the ranges; where there are none, it is any date. #}
{% macro in_ranges(column, ranges) -%}
    {%- if ranges is none -%}
        {{ column }} >= date '{{ first_file_day() }}'
    {%- elif ranges | length == 1 -%}
        {{ column }} >= date '{{ ranges[0][0] }}' and {{ column }} < date '{{ ranges[0][1] }}'
    {%- else -%}
        (
            {%- for start, end in ranges %}
            ({{ column }} >= date '{{ start }}' and {{ column }} < date '{{ end }}'){{ ' or' if not loop.last }}
            {%- endfor %}
        )
    {%- endif -%}
{%- endmacro %}

{# A predicate: `column` lies before the end of the window. What accumulates reads all of its history. #}
{% macro up_to_window(column) -%}
    {%- set ranges = window_ranges() -%}
    {{ column }} >= date '{{ partitions_start() }}'
    {%- if ranges is not none %} and {{ column }} < date '{{ ranges[-1][1] }}'{%- endif -%}
{%- endmacro %}
