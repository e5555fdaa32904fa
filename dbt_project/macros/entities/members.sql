{#
  Members of a record of entities. A *member* is the JSON text of a value as in json.sql, NULL where it is absent or
  null; but where digits could get lost, numbers stand marked: as texts between U+0002 and U+0003. (A text that a producer
  sends in this form is the number that it spells.)
#}

{# A record's JSON text with its numbers marked, where the engine would write one of them otherwise than it was sent. #}
{% macro with_marked_numbers(text) -%}
    case when {{ may_lose_digits(text) }} then {{ with_all_numbers_marked(text) }} else {{ text }} end
{%- endmacro %}

{% macro with_all_numbers_marked(text) -%}{{ with_numbers_as_strings(text, '"\\u0002', '\\u0003"') }}{%- endmacro %}

{# Whether a number may stand in a text that JSON functions of the engine write with other digits. #}
{% macro may_lose_digits(text) -%}{{ return(adapter.dispatch('may_lose_digits')(text)) }}{%- endmacro %}

{#
  DuckDB keeps integers of 64 bits, and of others what fits into a double: at most 8 digits before the point and 6 after it
  without needless zeros. What stands after a number is looked at where it may be the second of a time in a text.
#}
{% macro number_that_may_lose_digits() -%}
    {%- set ends = '[\\s,}\\]]' -%}
    -?(?:9[0-9]{18}|[0-9]{20}|[0-9]*(?:[0-9][eE]|[0-9]{9}[.]|[.][0-9]+[eE]|[.][0-9]{6,}[0-9]{{ ends }}|[.][0-9]+0{{ ends }}))
{%- endmacro %}

{# A pattern that begins with a certain character is found several times as fast as one of three. #}
{% macro duckdb__may_lose_digits(text) -%}
    {%- set number = '\\s*' ~ number_that_may_lose_digits() -%}
    (
        {{ matches(text, ':' ~ number) }}
        or {{ matches(text, ',' ~ number) }}
        or {{ matches(text, '\\[' ~ number) }}
    )
{%- endmacro %}

{% macro bigquery__may_lose_digits(text) -%}
    {{ matches(text, '("\\s*:|[,[])\\s*-?[0-9]+([.eE]|[0-9]{15})') }}
{%- endmacro %}

{# A record as it came, with its numbers marked where it is said that they may lose digits. #}
{% macro marked_record(line, is_marked) -%}
    case when {{ is_marked }} then {{ with_all_numbers_marked(line) }} else {{ line }} end
{%- endmacro %}

{# JSON text with its numbers as they were written. #}
{% macro without_marks(text) -%}
    case
        when strpos({{ text }}, {{ raw_text('\\u0002') }}) > 0
            then {{ replace_all(text, '"\\\\u0002(-?[0-9][0-9.eE+-]*)\\\\u0003"', raw_text('\\1')) }}
        else {{ text }}
    end
{%- endmacro %}

{% macro is_marked_number(member) -%}
    case
        when starts_with({{ member }}, {{ raw_text('"\\u0002') }})
            then {{ matches(member, '^"\\\\u0002-?[0-9][0-9.eE+-]*\\\\u0003"$') }}
        else false
    end
{%- endmacro %}

{% macro member_is_text(member) -%}(starts_with({{ member }}, '"') and not {{ is_marked_number(member) }}){%- endmacro %}

{# A number's digits as they were written, NULL for what is no number. #}
{% macro member_digits(member) -%}
    case
        when {{ is_marked_number(member) }} then substr({{ member }}, 8, length({{ member }}) - 14)
        else {{ json_digits(member) }}
    end
{%- endmacro %}

{# Without spaces, tabs and line ends around it. #}
{% macro trimmed(text) -%}
    case
        when {{ matches(text, '^[ \\t\\n\\r]|[ \\t\\n\\r]$') }} then trim({{ text }}, concat(' ', chr(9), chr(10), chr(13)))
        else {{ text }}
    end
{%- endmacro %}

{# The value of a member that is a text; NULL for any other. #}
{% macro member_string(member) -%}case when {{ member_is_text(member) }} then {{ json_string(member) }} end{%- endmacro %}

{# The same, trimmed; NULL where nothing is left. #}
{% macro member_trimmed_text(member) -%}
    case when {{ member_is_text(member) }} then nullif({{ trimmed(json_string(member)) }}, '') end
{%- endmacro %}

{# Debezium's stand-in for a value that it does not have: a text, or a list of nothing else, also as a text. #}
{% macro is_unavailable(member) -%}
    {%- set space = '(?:[ \\t\\r\\n]|\\\\[trn])*' -%}
    {%- set text = '"' ~ space ~ unchanged_value() ~ space ~ '"' -%}
    {%- set inner_space = '(?:[ \\t\\r\\n]|\\\\+[trn])*' -%}
    {%- set inner_text = '\\\\"' ~ inner_space ~ unchanged_value() ~ inner_space ~ '\\\\"' -%}
    {%- set text_of_list = '"' ~ space ~ '\\[' ~ space ~ inner_text ~ space ~ '\\]' ~ space ~ '"' -%}
    case
        when {{ has_text(member, unchanged_value()) }}
            then {{ matches(member, '^(?:' ~ text ~ '|\\[' ~ text ~ '\\]|' ~ text_of_list ~ ')$') }}
        else false
    end
{%- endmacro %}
