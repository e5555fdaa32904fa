{# What a JSON member is and what it is worth: the same SQL on both engines. Arguments are column names. #}

{#
  A number in a spelling that a double may not hold exactly (more than 16 digits, or an exponent) becomes a
  string with this mark before the line is parsed, so that its digits survive.
#}
{% macro number_mark() -%}{{ return('\\u0002number:') }}{%- endmacro %}

{% macro with_exact_numbers(text) -%}
    case
        when {{ matches(text, '[0-9.]{17}|[:,\\[\\s]-?[0-9.]+[eE][-+0-9]') }}
            then {{ _mark_numbers(text) }}
        else {{ text }}
    end
{%- endmacro %}

{#
  Every token is followed by a pair of control characters, which no JSON text holds: a string by an empty
  pair, a number is enclosed by its own.
#}
{% macro _mark_numbers(text) -%}
    {%- set token = '("(?:[^"\\\\]|\\\\.)*")|(-?[0-9][0-9.eE+-]*)' -%}
    {%- set enclosed = raw_text('\\1') ~ ' || chr(2) || ' ~ raw_text('\\2') ~ ' || chr(3)' -%}
    replace(replace(replace(
        {{ replace_all(text, token, enclosed) }},
        chr(2) || chr(3), ''), chr(2), {{ raw_text('"' ~ number_mark()) }}), chr(3), '"')
{%- endmacro %}

{% macro is_marked_number(member) -%}starts_with({{ member }}, {{ raw_text('"' ~ number_mark()) }}){%- endmacro %}

{# string, number, boolean, object or array; NULL for NULL. #}
{% macro json_kind(member) -%}
    case substr({{ member }}, 1, 1)
        when '"' then case when {{ is_marked_number(member) }} then 'number' else 'string' end
        when '{' then 'object'
        when '[' then 'array'
        when 't' then 'boolean'
        when 'f' then 'boolean'
        else case when {{ member }} is not null then 'number' end
    end
{%- endmacro %}

{# The text of a member that is a string, NULL for any other. #}
{% macro json_text(member) -%}
    case
        when substr({{ member }}, 1, 1) = '"' and not {{ is_marked_number(member) }}
            then {{ json_string(member) }}
    end
{%- endmacro %}

{# The digits of a member that is a number, written without an exponent; NULL for any other. #}
{% macro json_digits(member) -%}
    {%- set mark = number_mark() | length + 1 -%}
    case
        when substr({{ member }}, 1, 1) in ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')
            then {{ _without_exponent(member) }}
        when {{ is_marked_number(member) }}
            then {{ _without_exponent(
                'substr(' ~ member ~ ', ' ~ (mark + 1) ~ ', length(' ~ member ~ ') - ' ~ (mark + 1) ~ ')'
            ) }}
    end
{%- endmacro %}

{#
  1.25e1 as 12.5: the point moves over the digits, padded with zeros on both sides. Exponents of three digits
  stay: such a number is too large for an integer or an instant, or as good as 0.
#}
{% macro _without_exponent(digits) -%}
    {%- set places = 99 -%}
    {%- set whole = first_group(digits, '^-?([0-9]+)') -%}
    {%- set fraction = first_group(digits, '[.]([0-9]+)') -%}
    {%- set exponent = 'cast(' ~ replace_all(
        first_group(digits, '[eE]([-+]?[0-9]+)$'), '^[+]', "''"
    ) ~ ' as bigint)' -%}
    {%- set padded = "repeat('0', " ~ places ~ ') || ' ~ whole ~ ' || ' ~ fraction ~ " || repeat('0', " ~ places ~ ')' -%}
    {%- set point = places ~ ' + length(' ~ whole ~ ') + ' ~ exponent -%}
    case
        when {{ matches(digits, '[eE][-+]?0*[0-9]{1,2}$') }}
            then case when starts_with({{ digits }}, '-') then '-' else '' end
                || '0' || ltrim(substr({{ padded }}, 1, {{ point }}), '0')
                || '.' || substr({{ padded }}, {{ point }} + 1)
        else {{ digits }}
    end
{%- endmacro %}

{# The 64-bit integer that digits stand for (3, 3.0, 3e0), NULL where they stand for none. #}
{% macro whole_number(digits) -%}
    case
        when {{ matches(digits, '^-?[0-9]+([.]0+)?$') }}
            then {{ try_cast_to(first_group(digits, '^(-?[0-9]+)'), 'bigint') }}
    end
{%- endmacro %}
