{#
  Time. Instants are computed as integer microseconds since 1970-01-01 UTC, which both engines do alike, and
  stored as timestamps.
#}

{% macro timestamp_of_micros(micros) -%}{{ return(adapter.dispatch('timestamp_of_micros')(micros)) }}{%- endmacro %}

{% macro duckdb__timestamp_of_micros(micros) -%}make_timestamptz({{ micros }}){%- endmacro %}

{% macro bigquery__timestamp_of_micros(micros) -%}timestamp_micros({{ micros }}){%- endmacro %}

{% macro micros_of_timestamp(instant) -%}{{ return(adapter.dispatch('micros_of_timestamp')(instant)) }}{%- endmacro %}

{% macro duckdb__micros_of_timestamp(instant) -%}epoch_us({{ instant }}){%- endmacro %}

{% macro bigquery__micros_of_timestamp(instant) -%}unix_micros({{ instant }}){%- endmacro %}

{# The UTC date of an instant in microseconds; independent of the session's time zone. #}
{% macro date_of_micros(micros) -%}{{ return(adapter.dispatch('date_of_micros')(micros)) }}{%- endmacro %}

{% macro duckdb__date_of_micros(micros) -%}cast(make_timestamp({{ micros }}) as date){%- endmacro %}

{% macro bigquery__date_of_micros(micros) -%}date(timestamp_micros({{ micros }})){%- endmacro %}

{# Days since 1970-01-01. #}
{% macro days_of_date(day) -%}{{ return(adapter.dispatch('days_of_date')(day)) }}{%- endmacro %}

{% macro duckdb__days_of_date(day) -%}({{ day }} - date '1970-01-01'){%- endmacro %}

{% macro bigquery__days_of_date(day) -%}unix_date({{ day }}){%- endmacro %}

{# The first date of the day, week from Monday on, or month that a date belongs to. #}
{% macro first_date_of(unit, day) -%}
    {%- if unit not in ('day', 'week', 'month') -%}
        {{ exceptions.raise_compiler_error("first_date_of: '" ~ unit ~ "' is no day, week or month.") }}
    {%- endif -%}
    {{ return(day if unit == 'day' else adapter.dispatch('first_date_of')(unit, day)) }}
{%- endmacro %}

{% macro duckdb__first_date_of(unit, day) -%}cast(date_trunc('{{ unit }}', {{ day }}) as date){%- endmacro %}

{% macro bigquery__first_date_of(unit, day) -%}
    date_trunc({{ day }}, {{ 'isoweek' if unit == 'week' else unit }})
{%- endmacro %}

{% macro add_days(day, days) -%}{{ return(adapter.dispatch('add_days')(day, days)) }}{%- endmacro %}

{% macro duckdb__add_days(day, days) -%}({{ day }} + {{ days }}){%- endmacro %}

{% macro bigquery__add_days(day, days) -%}date_add({{ day }}, interval {{ days }} day){%- endmacro %}

{# A table of all dates from the first to the last, as date_day. #}
{% macro dates_between(first, last) -%}{{ return(adapter.dispatch('dates_between')(first, last)) }}{%- endmacro %}

{% macro duckdb__dates_between(first, last) -%}
    (select cast(unnest(generate_series(date '{{ first }}', date '{{ last }}', interval 1 day)) as date) as date_day)
{%- endmacro %}

{% macro bigquery__dates_between(first, last) -%}
    (select date_day from unnest(generate_date_array(date '{{ first }}', date '{{ last }}')) as date_day)
{%- endmacro %}
