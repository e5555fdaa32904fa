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
            'partitions': window_partitions(),
        }) }}
    {%- else -%}
        {{ return({'incremental_strategy': 'replace_window', 'meta': {'partition_column': partition_column}}) }}
    {%- endif -%}
{%- endmacro %}

{# The dates of the window as BigQuery literals; none where the invocation has no window. #}
{% macro window_partitions() -%}
    {%- set start = window_bound('event_time_start') -%}
    {%- set end = window_bound('event_time_end') -%}
    {%- set dates = [] -%}
    {%- if start is not none and end is not none -%}
        {%- for day in range((end - start).days) -%}
            {%- do dates.append("date '" ~ (start + modules.datetime.timedelta(days=day)) ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(dates) }}
{%- endmacro %}

{% macro get_incremental_replace_window_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ in_window(config.get('meta')['partition_column']) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
