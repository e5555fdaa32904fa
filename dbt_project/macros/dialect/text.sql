{# Text and patterns. Both engines use RE2; the functions have other names. #}

{# A literal whose backslashes stay as they are. #}
{% macro raw_text(text) -%}{{ return(("r'" if target.type == 'bigquery' else "'") ~ text ~ "'") }}{%- endmacro %}

{% macro matches(text, pattern) -%}{{ return(adapter.dispatch('matches')(text, pattern)) }}{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}regexp_matches({{ text }}, {{ raw_text(pattern) }}){%- endmacro %}

{% macro bigquery__matches(text, pattern) -%}regexp_contains({{ text }}, {{ raw_text(pattern) }}){%- endmacro %}

{# Whether a text is one of some words, which hold no quotes. #}
{% macro is_one_of(text, words) -%}{{ return(adapter.dispatch('is_one_of')(text, words)) }}{%- endmacro %}

{# DuckDB makes a join of IN with more than five words: what is compared is computed for all rows, whatever CASE says. #}
{% macro duckdb__is_one_of(text, words) -%}
    (
        {%- for word in words %}{{ text }} = '{{ word }}'{{ ' or ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{% macro bigquery__is_one_of(text, words) -%}({{ text }} in ({{ quoted_list(words) }})){%- endmacro %}

{# Every match of the pattern replaced; `replacement` is an expression. #}
{% macro replace_all(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ raw_text(pattern) }}, {{ replacement }}, 'g')
{%- endmacro %}

{% macro bigquery__replace_all(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ raw_text(pattern) }}, {{ replacement }})
{%- endmacro %}

{# The first group of the pattern, '' where it does not match. #}
{% macro first_group(text, pattern) -%}{{ return(adapter.dispatch('first_group')(text, pattern)) }}{%- endmacro %}

{% macro duckdb__first_group(text, pattern) -%}regexp_extract({{ text }}, {{ raw_text(pattern) }}, 1){%- endmacro %}

{% macro bigquery__first_group(text, pattern) -%}
    coalesce(regexp_extract({{ text }}, {{ raw_text(pattern) }}), '')
{%- endmacro %}

{# Whether a text holds another. #}
{% macro has_text(text, part) -%}{{ return(adapter.dispatch('has_text')(text, part)) }}{%- endmacro %}

{% macro duckdb__has_text(text, part) -%}contains({{ text }}, '{{ part }}'){%- endmacro %}

{% macro bigquery__has_text(text, part) -%}(strpos({{ text }}, '{{ part }}') > 0){%- endmacro %}

{# In how many parts a character cuts a text; of all ways to count characters, the fastest. #}
{% macro parts_count(text, character) -%}{{ return(adapter.dispatch('parts_count')(text, character)) }}{%- endmacro %}

{% macro duckdb__parts_count(text, character) -%}len(string_split({{ text }}, '{{ character }}')){%- endmacro %}

{% macro bigquery__parts_count(text, character) -%}array_length(split({{ text }}, '{{ character }}')){%- endmacro %}

{# Length in bytes. #}
{% macro byte_count(text) -%}{{ return(adapter.dispatch('byte_count')(text)) }}{%- endmacro %}

{% macro duckdb__byte_count(text) -%}strlen({{ text }}){%- endmacro %}

{% macro bigquery__byte_count(text) -%}byte_length({{ text }}){%- endmacro %}

{# SHA-256 of a text's UTF-8, as hexadecimal digits in small letters. #}
{% macro sha256_hex(text) -%}{{ return(adapter.dispatch('sha256_hex')(text)) }}{%- endmacro %}

{% macro duckdb__sha256_hex(text) -%}sha256({{ text }}){%- endmacro %}

{% macro bigquery__sha256_hex(text) -%}to_hex(sha256({{ text }})){%- endmacro %}
