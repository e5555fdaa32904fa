{# Arrays as rows of a FROM clause; the element is then a column, its fields are `element.field`. #}

{# DuckDB names the column in the list behind the table's alias, BigQuery by the alias itself. #}
{% macro unnested(array, element) -%}{{ return(adapter.dispatch('unnested')(array, element)) }}{%- endmacro %}

{% macro duckdb__unnested(array, element) -%}unnest({{ array }}) as {{ element }}_rows({{ element }}){%- endmacro %}

{% macro bigquery__unnested(array, element) -%}unnest({{ array }}) as {{ element }}{%- endmacro %}

{#
  A SELECT with a row for each element of an array of a relation, beside some of its columns. DuckDB keeps rows aside for a join
  with their own elements, as soon as a condition stands around it; not for elements that are selected.
#}
{% macro rows_of_elements(relation, array, element, columns) -%}
    {{ return(adapter.dispatch('rows_of_elements')(relation, array, element, columns)) }}
{%- endmacro %}

{% macro duckdb__rows_of_elements(relation, array, element, columns) -%}
    select
        unnest({{ array }}) as {{ element }},
        {{ columns | join(',\n        ') }}
    from {{ relation }}
{%- endmacro %}

{% macro bigquery__rows_of_elements(relation, array, element, columns) -%}
    select
        {{ element }},
        {{ columns | join(',\n        ') }}
    from {{ relation }}
    cross join unnest({{ array }}) as {{ element }}
{%- endmacro %}

{#
  A query for the distinct pairs of a date of rows, as event_date, and a field of the elements of their array. DuckDB
  keeps every row aside for a join with its own elements, and none for elements that are selected.
#}
{% macro distinct_of_elements(rows, date, array, field) -%}
    {{ return(adapter.dispatch('distinct_of_elements')(rows, date, array, field)) }}
{%- endmacro %}

{% macro duckdb__distinct_of_elements(rows, date, array, field) -%}
    select distinct
        elements.event_date,
        elements.element.{{ field }} as {{ field }}
    from (
        select
            {{ date }} as event_date,
            unnest({{ array }}) as element
        from {{ rows }}
    ) as elements
{%- endmacro %}

{% macro bigquery__distinct_of_elements(rows, date, array, field) -%}
    select distinct
        {{ rows }}.{{ date }} as event_date,
        element.{{ field }}
    from {{ rows }}
    cross join unnest({{ rows }}.{{ array }}) as element
{%- endmacro %}

{# Every date from the first to the last, both included. Only BigQuery has a function for dates. #}
{% macro date_array(first, last) -%}{{ return(adapter.dispatch('date_array')(first, last)) }}{%- endmacro %}

{% macro duckdb__date_array(first, last) -%}
    cast(generate_series({{ first }}, {{ last }}, interval 1 day) as date[])
{%- endmacro %}

{% macro bigquery__date_array(first, last) -%}generate_date_array({{ first }}, {{ last }}){%- endmacro %}

{# An array of one element. #}
{% macro array_of(element) -%}[{{ element }}]{%- endmacro %}

{# An array with one more element at its end. #}
{% macro with_element(array, element) -%}{{ return(adapter.dispatch('with_element')(array, element)) }}{%- endmacro %}

{% macro duckdb__with_element(array, element) -%}list_append({{ array }}, {{ element }}){%- endmacro %}

{% macro bigquery__with_element(array, element) -%}array_concat({{ array }}, [{{ element }}]){%- endmacro %}

{# Whether an array has an element. #}
{% macro has_element(array, element) -%}{{ return(adapter.dispatch('has_element')(array, element)) }}{%- endmacro %}

{% macro duckdb__has_element(array, element) -%}list_contains({{ array }}, {{ element }}){%- endmacro %}

{% macro bigquery__has_element(array, element) -%}({{ element }} in unnest({{ array }})){%- endmacro %}

{# The smallest element from the first that equals the given one on, by the bytes of texts. #}
{% macro smallest_since(array, element) -%}
    {{ return(adapter.dispatch('smallest_since')(array, element)) }}
{%- endmacro %}

{% macro duckdb__smallest_since(array, element) -%}
    list_min(list_slice({{ array }}, list_position({{ array }}, {{ element }}), len({{ array }})))
{%- endmacro %}

{% macro bigquery__smallest_since(array, element) -%}
    (
        select min(later)
        from unnest({{ array }}) as same with offset as same_place
        cross join unnest({{ array }}) as later with offset as later_place
        where same = {{ element }} and later_place >= same_place
    )
{%- endmacro %}
