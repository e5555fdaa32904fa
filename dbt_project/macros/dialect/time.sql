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

{# The first date of the day, week from Monday on, month or quarter that a date belongs to. #}
{% macro first_date_of(unit, day) -%}
    {%- if unit not in ('day', 'week', 'month', 'quarter') -%}
        {{ exceptions.raise_compiler_error("first_date_of: '" ~ unit ~ "' is no day, week, month or quarter.") }}
    {%- endif -%}
    {{ return(day if unit == 'day' else adapter.dispatch('first_date_of')(unit, day)) }}
{%- endmacro %}

{% macro duckdb__first_date_of(unit, day) -%}cast(date_trunc('{{ unit }}', {{ day }}) as date){%- endmacro %}

{% macro bigquery__first_date_of(unit, day) -%}
    date_trunc({{ day }}, {{ 'isoweek' if unit == 'week' else unit }})
{%- endmacro %}

{# The year and the number of the ISO week that a date belongs to. #}
{% macro iso_year_of(day) -%}cast(extract(isoyear from {{ day }}) as bigint){%- endmacro %}

{% macro iso_week_of(day) -%}
    cast(extract({{ 'isoweek' if target.type == 'bigquery' else 'week' }} from {{ day }}) as bigint)
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

{# An instant as RFC 3339 in UTC, to the microsecond. #}
{% macro rfc3339(instant) -%}{{ return(adapter.dispatch('rfc3339')(instant)) }}{%- endmacro %}

{% macro duckdb__rfc3339(instant) -%}
    strftime(make_timestamp(epoch_us({{ instant }})), '%Y-%m-%dT%H:%M:%S.%fZ')
{%- endmacro %}

{% macro bigquery__rfc3339(instant) -%}format_timestamp('%E4Y-%m-%dT%H:%M:%E6SZ', {{ instant }}, 'UTC'){%- endmacro %}

{# The UTC date of an instant. #}
{% macro date_of_timestamp(instant) -%}{{ date_of_micros(micros_of_timestamp(instant)) }}{%- endmacro %}

{# 00:00 UTC of a date. #}
{% macro start_of_date(day) -%}{{ timestamp_of_micros(days_of_date(day) ~ ' * 86400000000') }}{%- endmacro %}

{# Whole periods of 24 hours, or hours, between two instants, rounded down, also where the second is the earlier one. #}
{% macro whole_days(first, second) -%}{{ whole_periods(first, second, 86400000000) }}{%- endmacro %}

{% macro whole_hours(first, second) -%}{{ whole_periods(first, second, 3600000000) }}{%- endmacro %}

{% macro whole_periods(first, second, period) -%}
    {%- set micros = '(' ~ micros_of_timestamp(second) ~ ' - ' ~ micros_of_timestamp(first) ~ ')' -%}
    {%- set whole = micros ~ ' - mod(mod(' ~ micros ~ ', ' ~ period ~ ') + ' ~ period ~ ', ' ~ period ~ ')' -%}
    {{ return(adapter.dispatch('quotient_of_integers')(whole, period)) }}
{%- endmacro %}

{% macro duckdb__quotient_of_integers(dividend, divisor) -%}(({{ dividend }}) // {{ divisor }}){%- endmacro %}

{% macro bigquery__quotient_of_integers(dividend, divisor) -%}div(({{ dividend }}), {{ divisor }}){%- endmacro %}
