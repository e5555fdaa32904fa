{# Names of a JSON object's members, also of those that are null. #}

{% macro json_names(text) -%}{{ return(adapter.dispatch('json_names')(text)) }}{%- endmacro %}

{% macro duckdb__json_names(text) -%}json_keys({{ text }}){%- endmacro %}

{% macro bigquery__json_names(text) -%}
    json_keys(safe.parse_json({{ text }}, wide_number_mode => 'round'), 1)
{%- endmacro %}

{% macro is_among(name, names) -%}{{ return(adapter.dispatch('is_among')(name, names)) }}{%- endmacro %}

{% macro duckdb__is_among(name, names) -%}coalesce(list_contains({{ names }}, '{{ name }}'), false){%- endmacro %}

{% macro bigquery__is_among(name, names) -%}('{{ name }}' in unnest({{ names }})){%- endmacro %}
