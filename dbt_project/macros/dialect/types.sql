{# Types and conversions that the engines name differently. #}

{# A conversion that gives NULL where it cannot be made. #}
{% macro try_cast_to(expression, type) -%}{{ return(adapter.dispatch('try_cast_to')(expression, type)) }}{%- endmacro %}

{% macro duckdb__try_cast_to(expression, type) -%}try_cast({{ expression }} as {{ type }}){%- endmacro %}

{% macro bigquery__try_cast_to(expression, type) -%}safe_cast({{ expression }} as {{ type }}){%- endmacro %}

{% macro type_double() -%}{{ return('float64' if target.type == 'bigquery' else 'double') }}{%- endmacro %}

{# Only infinity is larger; a text that stands for more is cast to infinity. #}
{% macro largest_double() -%}{{ return(as_double("'1.7976931348623157e308'")) }}{%- endmacro %}

{# Nine digits after the point and at least twenty before it; a sum or product of it stays exact. #}
{% macro type_decimal() -%}{{ return('numeric' if target.type == 'bigquery' else 'decimal(29, 9)') }}{%- endmacro %}

{% macro as_double(expression) -%}cast({{ expression }} as {{ type_double() }}){%- endmacro %}

{# numerator / denominator; NULL where the denominator is 0. #}
{% macro rate(numerator, denominator) -%}
    {{ as_double(numerator) }} / nullif({{ denominator }}, 0)
{%- endmacro %}

{#
  A double as a decimal with 18 digits after the point, to be summed up: a sum of doubles depends on the order
  of the rows, which no engine promises.
#}
{% macro as_summand(expression) -%}
    cast({{ expression }} as {{ 'bignumeric' if target.type == 'bigquery' else 'decimal(38, 18)' }})
{%- endmacro %}

{# A number that tells the rows of a table apart by all that they hold. #}
{% macro row_hash(rows) -%}{{ return(adapter.dispatch('row_hash')(rows)) }}{%- endmacro %}

{% macro duckdb__row_hash(rows) -%}hash({{ rows }}){%- endmacro %}

{% macro bigquery__row_hash(rows) -%}farm_fingerprint(to_json_string({{ rows }})){%- endmacro %}

{#
  A number that is the same where these columns are, none of them a list; of a group, `fingerprint_of` combines them. DuckDB
  adds the last column by XOR alone, so that the same change of it in two rows would cancel out: the outer hash mixes it.
#}
{% macro row_fingerprint(columns) -%}{{ return(adapter.dispatch('row_fingerprint')(columns)) }}{%- endmacro %}

{% macro duckdb__row_fingerprint(columns) -%}hash(hash({{ columns | join(', ') }})){%- endmacro %}

{% macro bigquery__row_fingerprint(columns) -%}
    farm_fingerprint(to_json_string([
        {%- for column in columns %}to_json_string({{ column }}){{ ', ' if not loop.last }}{% endfor -%}
    ]))
{%- endmacro %}

{# A text that is the same where a group has the same rows, in whatever order; no row may be there twice. #}
{% macro fingerprint_of(row_fingerprints) -%}cast(bit_xor({{ row_fingerprints }}) as string){%- endmacro %}

{# Every column of a relation but some. #}
{% macro all_but(relation, columns) -%}
    {{ relation }}.* {{ 'except' if target.type == 'bigquery' else 'exclude' }} ({{ columns | join(', ') }})
{%- endmacro %}

{#
  A digest of columns, of which each has a name and is_list; not NULL. DuckDB's hash takes an empty list for NULL, so the
  lengths of lists are part of it.
#}
{% macro columns_digest(columns) -%}{{ return(adapter.dispatch('columns_digest')(columns)) }}{%- endmacro %}

{% macro duckdb__columns_digest(columns) -%}
    hash(
        {%- for column in columns %}
        {{ column.name }}{{ ', len(' ~ column.name ~ ')' if column.is_list }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{% macro bigquery__columns_digest(columns) -%}
    to_hex(md5(to_json_string(struct({{ columns | map(attribute='name') | join(', ') }}))))
{%- endmacro %}
