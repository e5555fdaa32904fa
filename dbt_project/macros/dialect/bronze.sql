{# Reading what loads write. #}

{#
  A predicate: a line of the window came with a load that the ledger names. On DuckDB lines and ledger entry
  share a transaction. On BigQuery the entry comes after the lines, and a load that dies in between leaves lines
  that do not count.
#}
{% macro is_committed() -%}{{ return(adapter.dispatch('is_committed')()) }}{%- endmacro %}

{% macro duckdb__is_committed() -%}true{%- endmacro %}

{% macro bigquery__is_committed() -%}
    _load_id in (
        select files.load_id
        from {{ source('bronze', 'files') }} as files
        where files.outcome = 'loaded' and {{ in_window('files.dt') }}
    )
{%- endmacro %}
