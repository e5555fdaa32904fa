{#
  How a model replaces the dates of the window, as keyword arguments of config(): every row of the window
  goes, also on dates that have none left, and the new ones come in the same transaction. BigQuery swaps
  whole partitions; DuckDB has none and deletes the range.
#}
{% macro replace_window_config(partition_column) -%}
    {%- if target.type == 'bigquery' -%}
        {{ return({
            'incremental_strategy': 'insert_overwrite',
            'partition_by': {'field': partition_column, 'data_type': 'date'},
        }) }}
    {%- else -%}
        {{ return({'incremental_strategy': 'replace_window', 'meta': {'partition_column': partition_column}}) }}
    {%- endif -%}
{%- endmacro %}

{% macro get_incremental_replace_window_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ in_window(config.get('meta')['partition_column']) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
