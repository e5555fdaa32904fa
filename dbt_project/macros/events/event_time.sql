{#
  Instants in microseconds since 1970-01-01 UTC, cut, not rounded; NULL for what is no instant of the event
  contract. Arguments are column names. Results beyond the years 1 to 9999 are for in_calendar() to refuse.
#}

{# RFC 3339 with an offset. #}
{% macro micros_of_rfc3339(text) -%}
    {%- set hour = '([01][0-9]|2[0-3])' -%}
    {%- set pattern -%}
        ^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]{{ hour }}:[0-5][0-9]:[0-5][0-9]([.][0-9]+)?([Zz]|[+-]{{ hour }}:[0-5][0-9])$
    {%- endset -%}
    case
        when {{ matches(text, pattern) }} and substr({{ text }}, 1, 4) <> '0000'
            then {{ micros_of_well_formed(text) }}
    end
{%- endmacro %}

{# Of a text that has the form; NULL where it names no day of the calendar. #}
{% macro micros_of_well_formed(text) -%}{{ return(adapter.dispatch('micros_of_well_formed')(text)) }}{%- endmacro %}

{# DuckDB reads the usual spellings itself, several times as fast. #}
{% macro duckdb__micros_of_well_formed(text) -%}
    coalesce(epoch_us(try_cast({{ text }} as timestamptz)), {{ micros_of_parts(text) }})
{%- endmacro %}

{% macro bigquery__micros_of_well_formed(text) -%}{{ micros_of_parts(text) }}{%- endmacro %}

{% macro micros_of_parts(text) -%}
    {{ days_of_date(try_cast_to('substr(' ~ text ~ ', 1, 10)', 'date')) }} * 86400000000
    + cast(substr({{ text }}, 12, 2) as bigint) * 3600000000
    + cast(substr({{ text }}, 15, 2) as bigint) * 60000000
    + cast(substr({{ text }}, 18, 2) as bigint) * 1000000
    + cast(rpad(substr({{ first_group(text, '[.]([0-9]+)') }}, 1, 6), 6, '0') as bigint)
    - case
        when substr({{ text }}, -1) in ('Z', 'z') then 0
        else case when substr({{ text }}, -6, 1) = '-' then -60000000 else 60000000 end
            * (cast(substr({{ text }}, -5, 2) as bigint) * 60 + cast(substr({{ text }}, -2) as bigint))
    end
{%- endmacro %}

{#
  Epoch seconds (below 1e11) or milliseconds. Digits that do not count are cut before they are converted. What
  lies before the year 1 is refused here: multiplied, it may not fit into 64 bits.
#}
{% macro micros_of_epoch(digits) -%}
    {%- set cut = replace_all(digits, '([.][0-9]{9})[0-9]+$', raw_text('\\1')) -%}
    {%- set number = try_cast_to(cut, type_decimal()) -%}
    case
        when {{ number }} < -62135596800 or {{ number }} >= 1000000000000000 then null
        when {{ number }} < 100000000000 then cast(floor({{ number }} * 1000000) as bigint)
        else cast(floor({{ number }} * 1000) as bigint)
    end
{%- endmacro %}

{% macro in_calendar(micros) -%}
    case when {{ micros }} between -62135596800000000 and 253402300799999999 then {{ micros }} end
{%- endmacro %}
