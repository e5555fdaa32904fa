{# What a JSON member is and what it is worth: the same SQL on both engines. Arguments are column names. #}

{# The first character tells: string, number, boolean, object or array; NULL for NULL. #}
{% macro json_kind(member) -%}
    case substr({{ member }}, 1, 1)
        when '"' then 'string'
        when '{' then 'object'
        when '[' then 'array'
        when 't' then 'boolean'
        when 'f' then 'boolean'
        else case when {{ member }} is not null then 'number' end
    end
{%- endmacro %}

{# The text of a member that is a string, NULL for any other. #}
{% macro json_text(member) -%}
    case when substr({{ member }}, 1, 1) = '"' then {{ json_string(member) }} end
{%- endmacro %}

{# The digits of a member that is a number (-NaN and -Infinity end with a letter), NULL for any other. #}
{% macro json_digits(member) -%}
    case
        when substr({{ member }}, 1, 1) between '-' and '9' and substr({{ member }}, -1) between '0' and '9'
            then {{ member }}
    end
{%- endmacro %}

{#
  Parsers hold a number with a point or an exponent as a double, which may change its digits. Where a column
  needs them all, the line is parsed once more with every number written as a string.
#}
{% macro may_have_lost_digits(member) -%}
    (
        substr({{ member }}, 1, 1) between '-' and '9'
        and ({{ has_text(member, '.') }} or {{ has_text(member, 'e') }} or {{ has_text(member, 'E') }})
    )
{%- endmacro %}

{#
  Every token is followed by a pair of control characters, which no JSON text holds: a string by an empty
  pair, a number is enclosed by its own.
#}
{% macro with_numbers_as_strings(text) -%}
    {%- set token = '("(?:[^"\\\\]|\\\\.)*")|(-?[0-9][0-9.eE+-]*)' -%}
    {%- set enclosed = raw_text('\\1') ~ ' || chr(2) || ' ~ raw_text('\\2') ~ ' || chr(3)' -%}
    replace(replace(replace(
        {{ replace_all(text, token, enclosed) }}, chr(2) || chr(3), ''), chr(2), '"'), chr(3), '"')
{%- endmacro %}

{#
  1.25e1 as 12.5: the point moves over the digits, padded with zeros on both sides. Exponents of three digits
  stay: such a number is too large for an integer or an instant, or as good as 0.
#}
{% macro without_exponent(digits) -%}
    {%- set places = 99 -%}
    {%- set whole = first_group(digits, '^-?([0-9]+)') -%}
    {%- set fraction = first_group(digits, '[.]([0-9]+)') -%}
    {%- set exponent = 'cast(' ~ first_group(digits, '[eE][+]?(-?[0-9]+)$') ~ ' as bigint)' -%}
    {%- set padded = "repeat('0', " ~ places ~ ') || ' ~ whole ~ ' || ' ~ fraction ~ " || repeat('0', " ~ places ~ ')' -%}
    {%- set point = places ~ ' + length(' ~ whole ~ ') + ' ~ exponent -%}
    case
        when
            ({{ has_text(digits, 'e') }} or {{ has_text(digits, 'E') }})
            and {{ matches(digits, '[eE][-+]?0*[0-9]{1,2}$') }}
            then case when starts_with({{ digits }}, '-') then '-' else '' end
                || '0' || ltrim(substr({{ padded }}, 1, {{ point }}), '0')
                || '.' || substr({{ padded }}, {{ point }} + 1)
        else {{ digits }}
    end
{%- endmacro %}

{# The 64-bit integer that digits without an exponent stand for (3, 3.0), NULL where they stand for none. #}
{% macro whole_number(digits) -%}
    case
        when {{ has_text(digits, '.') }}
            then case
                when {{ matches(digits, '^-?[0-9]+[.]0*$') }}
                    then {{ try_cast_to(first_group(digits, '^(-?[0-9]+)'), 'bigint') }}
            end
        when not {{ has_text(digits, 'e') }} and not {{ has_text(digits, 'E') }}
            then {{ try_cast_to(digits, 'bigint') }}
    end
{%- endmacro %}
