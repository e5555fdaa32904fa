{#
  Reading JSON. A *member* is the JSON text of one value, NULL where the key is absent or null; the text of a
  string keeps its quotes and escapes. DuckDB reads all members of a line in one pass of from_json; BigQuery
  has no such function and takes them from a parsed document.
#}

{#
  Whether the text is JSON by RFC 8259, and nests no deeper than the event contract allows. `looks_odd` is a column with
  what looks_odd() says, where that is known.
#}
{% macro is_json(text, looks_odd=none) -%}
    (
        case
            when {{ nests_too_deeply(text) }} then false
            else {{ adapter.dispatch('is_json')(text, looks_odd) }}
        end
    )
{%- endmacro %}

{#
  DuckDB's parser also accepts trailing commas; and NaN and Infinity, which holds_constant() finds. The first
  pattern finds every line that may have a trailing comma, the second looks again without the strings.
#}
{% macro duckdb__is_json(text, looks_odd) -%}
    json_valid({{ text }})
    and case
        {%- if looks_odd %}
        when not {{ looks_odd }} then true
        {%- endif %}
        when regexp_matches({{ text }}, ',[ \t\r]*[}\]]')
            then not regexp_matches({{ duckdb__without_strings(text) }}, ',[ \t\r]*[}\]]')
        else true
    end
{%- endmacro %}

{% macro duckdb__without_strings(text) -%}
    regexp_replace({{ text }}, '"(?:[^"\\]|\\.)*"', '""', 'g')
{%- endmacro %}

{% macro bigquery__is_json(text, looks_odd) -%}
    safe.parse_json({{ text }}, wide_number_mode => 'round') is not null
{%- endmacro %}

{# Whether a text that passed is_json() holds NaN or Infinity, which are not JSON. #}
{% macro holds_constant(text) -%}{{ return(adapter.dispatch('holds_constant')(text)) }}{%- endmacro %}

{# One pattern for each character before a value: those that begin with a certain one are found faster. #}
{% macro duckdb__holds_constant(text) -%}
    {%- set constant = '[ \t\r\n]*[-+]?(?i:nan|inf)' -%}
    case
        when
            regexp_matches({{ text }}, '^{{ constant }}')
            or regexp_matches({{ text }}, ':{{ constant }}')
            or regexp_matches({{ text }}, ',{{ constant }}')
            or regexp_matches({{ text }}, '\[{{ constant }}')
            then regexp_matches({{ duckdb__without_strings(text) }}, '(?i)nan|inf')
        else false
    end
{%- endmacro %}

{# BigQuery's parser refuses them. #}
{% macro bigquery__holds_constant(text) -%}false{%- endmacro %}

{#
  Whether a text may have a trailing comma, NaN, Infinity or a number that may_lose_digits() finds. All of this is told by
  what follows a colon, a comma or a bracket, so that a text is read once for each of them where it has nothing of it.
#}
{% macro looks_odd(text) -%}{{ return(adapter.dispatch('looks_odd')(text)) }}{%- endmacro %}

{% macro duckdb__looks_odd(text) -%}
    {%- set constant = '[-+]?(?i:nan|inf)' -%}
    {%- set value = '(?:' ~ constant ~ '|' ~ number_that_may_lose_digits() ~ ')' -%}
    (
        regexp_matches({{ text }}, '^\s*{{ constant }}')
        or regexp_matches({{ text }}, ':\s*{{ value }}')
        or regexp_matches({{ text }}, ',\s*(?:[}\]]|{{ value }})')
        or regexp_matches({{ text }}, '\[\s*{{ value }}')
    )
{%- endmacro %}

{# BigQuery's parser is strict; of numbers, it is looked for those that it rounds. #}
{% macro bigquery__looks_odd(text) -%}{{ may_lose_digits(text) }}{%- endmacro %}

{# A document of which json_member() reads the given keys. #}
{% macro json_document(text, keys) -%}{{ return(adapter.dispatch('json_document')(text, keys)) }}{%- endmacro %}

{% macro duckdb__json_document(text, keys) -%}
    from_json({{ text }}, '{
        {%- for key in keys %}"{{ key }}":"JSON"{{ "," if not loop.last }}{% endfor -%}
    }')
{%- endmacro %}

{% macro bigquery__json_document(text, keys) -%}
    safe.parse_json({{ text }}, wide_number_mode => 'round')
{%- endmacro %}

{% macro json_member(document, key) -%}{{ return(adapter.dispatch('json_member')(document, key)) }}{%- endmacro %}

{% macro duckdb__json_member(document, key) -%}{{ document }}."{{ key }}"::varchar{%- endmacro %}

{% macro bigquery__json_member(document, key) -%}
    nullif(to_json_string(({{ document }}).{{ key }}), 'null')
{%- endmacro %}

{# The value of a member that is a string: without quotes, escapes resolved. #}
{% macro json_string(member) -%}{{ return(adapter.dispatch('json_string')(member)) }}{%- endmacro %}

{% macro duckdb__json_string(member) -%}
    case
        when contains({{ member }}, '\') then {{ member }} ->> '$'
        else substr({{ member }}, 2, length({{ member }}) - 2)
    end
{%- endmacro %}

{% macro bigquery__json_string(member) -%}json_value({{ member }}){%- endmacro %}

{# How many keys an object has. #}
{% macro json_key_count(text) -%}{{ return(adapter.dispatch('json_key_count')(text)) }}{%- endmacro %}

{% macro duckdb__json_key_count(text) -%}len(json_keys({{ text }})){%- endmacro %}

{% macro bigquery__json_key_count(text) -%}
    array_length(json_keys(safe.parse_json({{ text }}, wide_number_mode => 'round'), 1))
{%- endmacro %}

{# An object without the given keys, as JSON text. #}
{% macro json_without(text, keys) -%}{{ return(adapter.dispatch('json_without')(text, keys)) }}{%- endmacro %}

{# A merge patch (RFC 7396) removes what it sets to null. #}
{% macro duckdb__json_without(text, keys) -%}
    json_merge_patch({{ text }}, '{
        {%- for key in keys %}"{{ key }}":null{{ "," if not loop.last }}{% endfor -%}
    }')::varchar
{%- endmacro %}

{% macro bigquery__json_without(text, keys) -%}
    to_json_string(json_remove(
        safe.parse_json({{ text }}, wide_number_mode => 'round'),
        {% for key in keys %}'$.{{ key }}'{{ ", " if not loop.last }}{% endfor %}
    ))
{%- endmacro %}

{# An object with one more key; `member` is JSON text. NULL members leave it as it is. #}
{% macro json_with(text, key, member) -%}{{ return(adapter.dispatch('json_with')(text, key, member)) }}{%- endmacro %}

{% macro duckdb__json_with(text, key, member) -%}
    case
        when {{ member }} is null then {{ text }}
        else json_merge_patch({{ text }}, '{"{{ key }}":' || {{ member }} || '}')::varchar
    end
{%- endmacro %}

{% macro bigquery__json_with(text, key, member) -%}
    case
        when {{ member }} is null then {{ text }}
        else to_json_string(json_set(parse_json({{ text }}), '$.{{ key }}', parse_json({{ member }})))
    end
{%- endmacro %}
