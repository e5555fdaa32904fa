{#
  What a member of a record says, whichever form and format it came in. A member is the JSON text of one value, as
  json_member() gives it, or 'null'; `is_cell` tells whether values are texts only, as in CSV and XML: these are
  trimmed, and a number may stand in one. Arguments are column names.
#}

{% macro trimmed(text) -%}{{ return(adapter.dispatch('trimmed')(text)) }}{%- endmacro %}

{% macro duckdb__trimmed(text) -%}trim({{ text }}, chr(32) || chr(9) || chr(13) || chr(10)){%- endmacro %}

{% macro bigquery__trimmed(text) -%}trim({{ text }}, ' \t\r\n'){%- endmacro %}

{# The text of a member that is one; trimmed in a cell. #}
{% macro text_in(member, is_cell) -%}
    case when substr({{ member }}, 1, 1) = '"' then
        case when {{ is_cell }} then {{ trimmed(json_string(member)) }} else {{ json_string(member) }} end
    end
{%- endmacro %}

{# The digits of a member that is a number, or, where texts may hold one, of a text with one. #}
{% macro digits_in(member, is_cell) -%}
    case
        when substr({{ member }}, 1, 1) = '-' or substr({{ member }}, 1, 1) between '0' and '9' then {{ member }}
        when
            {{ is_cell }} and substr({{ member }}, 1, 1) = '"'
            and {{ matches(trimmed(json_string(member)), '^-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?$') }}
            then {{ trimmed(json_string(member)) }}
    end
{%- endmacro %}

{# The whole number of 64 bits that digits stand for (3, 3.0), NULL where they stand for none. #}
{% macro whole_of(digits) -%}
    case
        when {{ matches(digits, '^-?[0-9]+$') }} then {{ try_cast_to(digits, 'bigint') }}
        else {{ whole_number(digits) }}
    end
{%- endmacro %}

{# Nothing was sent: null, or an empty text; of a cell, a blank one. #}
{% macro is_nothing(member, is_cell) -%}
    (
        coalesce({{ member }} in ('null', '""'), true)
        or ({{ is_cell }} and substr({{ member }}, 1, 1) = '"' and {{ trimmed(json_string(member)) }} = '')
    )
{%- endmacro %}

{# What Debezium sends in place of a large value that did not change, also as the only element of a list. #}
{% macro is_placeholder(member) -%}
    {%- set blank = '[ \\t\\r\\n]*' -%}
    {%- set escaped_blank = '(?:[ ]|\\\\[trn])*' -%}
    (
        {{ has_text(member, unchanged_value()) }}
        and {{ matches(
            "case when substr(" ~ member ~ ", 1, 1) = '\"' then " ~ json_string(member) ~ " else " ~ member ~ " end",
            '^' ~ blank ~ '(?:' ~ unchanged_value() ~ '|\\[' ~ blank ~ '"' ~ escaped_blank ~ unchanged_value()
                ~ escaped_blank ~ '"' ~ blank ~ '\\])' ~ blank ~ '$'
        ) }}
    )
{%- endmacro %}

{#
  An instant in microseconds, of the digits of a number, without an exponent, or of a text: RFC 3339; without an
  offset it is local time of the zone.
#}
{% macro micros_of(digits, text, zone) -%}
    {%- set hour = '([01][0-9]|2[0-3])' -%}
    {%- set local = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]' ~ hour ~ ':[0-5][0-9]:[0-5][0-9]([.][0-9]+)?$' -%}
    case
        when {{ digits }} is not null then {{ micros_of_size(digits) }}
        when {{ matches(text, local) }}
            then {{ micros_in_zone('(' ~ micros_of_rfc3339('(' ~ text ~ " || 'Z')") ~ ')', zone) }}
        else {{ micros_of_rfc3339(text) }}
    end
{%- endmacro %}

{# Seconds below 1e11, milliseconds below 1e14, microseconds below 1e17, else nanoseconds; cut. #}
{% macro micros_of_size(digits) -%}
    {%- set cut = replace_all(digits, '([.][0-9]{9})[0-9]+$', raw_text('\\1')) -%}
    {%- set number = try_cast_to(cut, type_decimal()) -%}
    case
        when abs({{ number }}) < 100000000000 then cast(floor({{ number }} * 1000000) as bigint)
        when abs({{ number }}) < 100000000000000 then cast(floor({{ number }} * 1000) as bigint)
        when abs({{ number }}) < 100000000000000000 then cast(floor({{ number }}) as bigint)
        when abs({{ number }}) < 100000000000000000000 then cast(floor({{ number }} / 1000) as bigint)
    end
{%- endmacro %}
