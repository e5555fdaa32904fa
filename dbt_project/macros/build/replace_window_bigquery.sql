{#
  Replaces the partitions of the window with one statement, so that readers see the old rows or the new ones.

  dbt's own insert_overwrite takes a list of partitions when the project is parsed, before the window is known,
  or replaces those that have new rows, which leaves a date as it was when its last row has gone. Here the
  merge matches nothing: all rows of the window are deleted, all rows of the query inserted. The window stands
  there in literal dates, so other partitions are not touched, or billed.
#}
{% materialization replace_window, adapter='bigquery' -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set partition_column = config.get('partition_by')['field'] -%}
    {%- set unit = config.get('meta')['partition_unit'] -%}

    {{ run_hooks(pre_hooks) }}

    {%- call statement('main') -%}
        {%- if existing is none or should_full_refresh() -%}
            {{ create_partitioned_table(this, sql, replace=should_full_refresh()) }}
        {%- else -%}
            {{ merge_window(this, sql, partition_column, unit, columns_to_replace(existing)) }}
        {%- endif -%}
    {%- endcall -%}

    {{ run_hooks(post_hooks) }}

    {%- do apply_grants(this, config.get('grants'), should_revoke(existing, should_full_refresh())) -%}
    {%- do persist_docs(this, model) -%}
    {{ return({'relations': [this]}) }}
{%- endmaterialization %}

{# Without `or replace`: a table that dbt did not see, for want of a right to list it, is not overwritten. #}
{% macro create_partitioned_table(relation, query, replace=false) -%}
    create {{ 'or replace ' if replace }}table {{ relation }}
    {{ partition_by(adapter.parse_partition_by(config.get('partition_by'))) }}
    {{ cluster_by(config.get('cluster_by')) }}
    {{ bigquery_table_options(config, model, false) }}
    as (
        {{ query }}
    )
{%- endmacro %}

{% macro merge_window(relation, query, partition_column, unit, columns) -%}
    merge into {{ relation }} as kept
    using (
        {{ query }}
    ) as built
    on false
    when not matched by source and {{ in_window('kept.' ~ partition_column, unit=unit) }} then delete
    when not matched then insert ({{ columns | join(', ') }}) values ({{ columns | join(', ') }})
{%- endmacro %}
