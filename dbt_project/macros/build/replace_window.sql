{#
  How a model replaces the dates of the window, as keyword arguments of config(): every row of the window
  goes, also on dates that have none left, and the new ones come at the same moment. DuckDB has no partitions:
  one transaction deletes and inserts; see replace_rows_duckdb.sql. BigQuery does both with one statement; see
  replace_window_bigquery.sql.

  cluster_by names the columns by which BigQuery sorts a partition: what is read with a filter or joined. A partition
  is a day, or with `unit` the week or month that begins with the partition's date. `files_of` names the feed whose
  files a model stages: of those that are staged already, the rows stay where that saves anything.
#}
{% macro replace_window_config(partition_column, cluster_by=[], unit='day', files_of=none) -%}
    {%- set meta = {'partition_column': partition_column, 'partition_unit': unit} -%}
    {%- if files_of -%}{%- do meta.update({'files_of': files_of}) -%}{%- endif -%}
    {%- if target.type == 'bigquery' -%}
        {{ return({
            'materialized': 'replace_window',
            'partition_by': {'field': partition_column, 'data_type': 'date'},
            'cluster_by': cluster_by or none,
            'require_partition_filter': true,
            'meta': meta,
        }) }}
    {%- else -%}
        {{ return({'incremental_strategy': 'replace_window', 'meta': meta}) }}
    {%- endif -%}
{%- endmacro %}

{#
  How a model without a date is built, as keyword arguments of config(): all of it again, and readers see the old
  rows or the new ones. A partition_column is a date that rows have all the same, also outside of the platform's
  partitions; BigQuery keeps such rows by month, since one statement makes 4,000 partitions at most.
#}
{% macro whole_config(cluster_by=[], partition_column=none) -%}
    {%- set config = {'materialized': 'table'} -%}
    {%- if partition_column -%}
        {%- do config.update({'meta': {'partition_column': partition_column, 'partition_unit': 'day'}}) -%}
    {%- endif -%}
    {%- if target.type == 'bigquery' -%}
        {%- do config.update({'cluster_by': cluster_by or none}) -%}
        {%- if partition_column -%}
            {%- do config.update({
                'partition_by': {'field': partition_column, 'data_type': 'date', 'granularity': 'month'},
            }) -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(config) }}
{%- endmacro %}

{# A predicate: the row goes where a model replaces the dates of the window. #}
{% macro is_replaced_in_window() -%}
    {%- set meta = config.get('meta') -%}
    {{ in_window(meta['partition_column'], unit=meta['partition_unit']) }}
    {%- if meta['files_of'] %}
    and not {{ is_of_staged_files(meta['files_of']) }}
    {%- endif %}
{%- endmacro %}
