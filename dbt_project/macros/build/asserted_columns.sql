{#
  Whether a query gives the columns of its model's contract is asked of the engine once for each version of the project,
  since it plans the query for it as for running it. The platform lists the models that were asked for already in the
  variable columns_asserted.
#}
{% macro duckdb__get_assert_columns_equivalent(sql) -%}
    {%- if model.name not in var('columns_asserted', []) -%}{{ return(assert_columns_equivalent(sql)) }}{%- endif -%}
{%- endmacro %}
