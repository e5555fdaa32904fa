{#
  The columns of a table as its contract has them, on DuckDB: one that holds whole documents (meta: is_long) is kept with
  Zstandard, which is written faster than what the engine would choose.
#}
{% macro duckdb__get_table_columns_and_constraints() -%}
    {%- set rendered = adapter.render_raw_columns_constraints(raw_columns=model['columns']) -%}
    {%- set columns = model['columns'].values() | list -%}
    (
        {%- for definition in rendered %}
        {{ definition }}
        {{- ' using compression zstd' if columns[loop.index0].config.meta.is_long }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
