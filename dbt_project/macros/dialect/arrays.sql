{# Arrays as rows of a FROM clause; the element is then a column, its fields are `element.field`. #}

{# DuckDB names the column in the list behind the table's alias, BigQuery by the alias itself. #}
{% macro unnested(array, element) -%}{{ return(adapter.dispatch('unnested')(array, element)) }}{%- endmacro %}

{% macro duckdb__unnested(array, element) -%}unnest({{ array }}) as {{ element }}_rows({{ element }}){%- endmacro %}

{% macro bigquery__unnested(array, element) -%}unnest({{ array }}) as {{ element }}{%- endmacro %}

{# Every date from the first to the last, both included. Only BigQuery has a function for dates. #}
{% macro date_array(first, last) -%}{{ return(adapter.dispatch('date_array')(first, last)) }}{%- endmacro %}

{% macro duckdb__date_array(first, last) -%}
    cast(generate_series({{ first }}, {{ last }}, interval 1 day) as date[])
{%- endmacro %}

{% macro bigquery__date_array(first, last) -%}generate_date_array({{ first }}, {{ last }}){%- endmacro %}
