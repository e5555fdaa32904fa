{#
  What a JSON member is and what it is worth: the same SQL on both engines. Arguments are column names. Conditions stand in
  cases rather than beside `and`, of which DuckDB computes both sides for every row.
#}

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
    case when starts_with({{ member }}, '"') then {{ json_string(member) }} end
{%- endmacro %}

{# Whether a member begins with a digit, a minus or a point: `-` to `9` follow each other, and `:` follows them. #}
{% macro begins_as_number(member) -%}({{ member }} >= '-' and {{ member }} < ':'){%- endmacro %}

{# The digits of a member that is a number (-NaN and -Infinity end with a letter), NULL for any other. #}
{% macro json_digits(member) -%}
    case
        when {{ begins_as_number(member) }}
            then case when substr({{ member }}, -1) between '0' and '9' then {{ member }} end
    end
{%- endmacro %}

{#
  Parsers hold a number with a point or an exponent as a double, which may change its digits. Where a column
  needs them all, the line is parsed once more with every number written as a string.
#}
{% macro may_have_lost_digits(member) -%}
    case
        when {{ begins_as_number(member) }}
            then {{ has_text(member, '.') }} or {{ has_text(member, 'e') }} or {{ has_text(member, 'E') }}
        else false
    end
{%- endmacro %}

{#
  Every token is followed by a pair of control characters, which no JSON text holds: a string by an empty
  pair, a number is enclosed by its own, which then become what the number is to stand between.
#}
{% macro with_numbers_as_strings(text, before='"', after='"') -%}
    {%- set token = '("(?:[^"\\\\]|\\\\.)*")|(-?[0-9][0-9.eE+-]*)' -%}
    {%- set enclosed = raw_text('\\1') ~ ' || chr(2) || ' ~ raw_text('\\2') ~ ' || chr(3)' -%}
    replace(replace(replace(
        {{ replace_all(text, token, enclosed) }},
        chr(2) || chr(3), ''), chr(2), {{ raw_text(before) }}), chr(3), {{ raw_text(after) }})
{%- endmacro %}

{#
  1.25e1 as 12.5: the point moves over the significant digits, padded with zeros on both sides. Beyond 40 places
  no digit is needed: a number so large keeps its exponent, since it is no integer or instant; one so small
  becomes the smallest that is written here, which has the same sign and floor.
#}
{% macro without_exponent(digits) -%}
    {%- set places = 40 -%}
    {%- set whole = first_group(digits, '^-?([0-9]+)') -%}
    {%- set fraction = first_group(digits, '^-?[0-9]+[.]([0-9]+)') -%}
    {%- set significant = 'ltrim(' ~ whole ~ ' || ' ~ fraction ~ ", '0')" -%}
    {%- set leading_zeros = 'length(' ~ whole ~ ' || ' ~ fraction ~ ') - length(' ~ significant ~ ')' -%}
    {%- set size = first_group(digits, '[eE][-+]?0*([0-9]*)$') -%}
    {#- No line has room for a thousand million digits, so a longer exponent says no more than this one. -#}
    {%- set exponent = 'case when ' ~ matches(digits, '[eE]-') ~ ' then -1 else 1 end * case when length(' ~ size
        ~ ') > 9 then 999999999 else cast(concat(' ~ "'0', " ~ size ~ ') as bigint) end' -%}
    {%- set point = '(length(' ~ whole ~ ') - (' ~ leading_zeros ~ ') + ' ~ exponent ~ ')' -%}
    {%- set padded = "repeat('0', " ~ places ~ ') || ' ~ significant ~ " || repeat('0', " ~ places ~ ')' -%}
    {%- set sign = "case when starts_with(" ~ digits ~ ", '-') then '-' else '' end" -%}
    case
        when not coalesce({{ has_text(digits, 'e') }} or {{ has_text(digits, 'E') }}, false) then {{ digits }}
        when {{ significant }} = '' then '0'
        when {{ point }} > {{ places }} then {{ digits }}
        when {{ point }} < -{{ places }} then {{ sign }} || '0.' || repeat('0', {{ places }}) || '1'
        else {{ sign }} || '0' || ltrim(substr({{ padded }}, 1, {{ places }} + {{ point }}), '0')
            || '.' || substr({{ padded }}, {{ places }} + {{ point }} + 1)
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
