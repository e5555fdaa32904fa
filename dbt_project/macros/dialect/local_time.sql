{#
  The instant of a local time: `local` is in microseconds, as if it were UTC. Of two instants the earlier; where a
  clock was set forward over it, the local time before that is meant. Both follow from the difference to UTC of the day
  before: it counts where it leads to this local time.
#}
{% macro micros_of_local(local, zone) -%}
    {%- set found = instant_of_local(local, zone) -%}
    {%- set day_before = '(' ~ found ~ ' - 86400000000)' -%}
    {%- set candidate = '(' ~ local ~ ' - (' ~ local_of_instant(day_before, zone) ~ ' - ' ~ day_before ~ '))' -%}
    case when {{ local_of_instant(candidate, zone) }} = {{ local }} then {{ candidate }} else {{ found }} end
{%- endmacro %}

{% macro instant_of_local(local, zone) -%}{{ return(adapter.dispatch('instant_of_local')(local, zone)) }}{%- endmacro %}

{% macro duckdb__instant_of_local(local, zone) -%}epoch_us(timezone({{ zone }}, make_timestamp({{ local }}))){%- endmacro %}

{% macro bigquery__instant_of_local(local, zone) -%}
    unix_micros(safe_cast(concat({{ bigquery__written(local, "'UTC'") }}, ' ', {{ zone }}) as timestamp))
{%- endmacro %}

{% macro local_of_instant(micros, zone) -%}{{ return(adapter.dispatch('local_of_instant')(micros, zone)) }}{%- endmacro %}

{% macro duckdb__local_of_instant(micros, zone) -%}
    epoch_us(timezone({{ zone }}, make_timestamptz({{ micros }})))
{%- endmacro %}

{% macro bigquery__local_of_instant(micros, zone) -%}
    unix_micros(safe_cast({{ bigquery__written(micros, zone) }} as timestamp))
{%- endmacro %}

{# An instant as local time; one outside of the calendar as the nearest within. #}
{% macro bigquery__written(micros, zone) -%}
    format_timestamp(
        '%E4Y-%m-%d %H:%M:%E6S',
        timestamp_micros(greatest(least({{ micros }}, 253402300799999999), -62135596800000000)),
        {{ zone }}
    )
{%- endmacro %}
