{#
  How a model replaces the rows of the entities that wait, as keyword arguments of config(): those that a changed
  record touches, and no others. The platform lists them in bronze's table entities_touched until all stages have
  built what is made of them; they wait in a stage for as long as the request that names them stands in its queue. It sets
  the variable every_entity to false, and every_entity_tested where a test shall look at all none the less; without these,
  all are built and looked at. One transaction deletes and inserts. BigQuery builds all of it again: one entity's rows lie in no partition of their own, so
  that reading them costs what reading all does.

  table names the table of entities, key the model's column with their key; member_key a column that is a hash of these and
  of more, so that rows of two entities never have it in common.
#}
{% macro replace_entities_config(table, key='entity_key', cluster_by=[], member_key=none) -%}
    {%- set meta = {'entity_table': table, 'entity_key_column': key, 'member_key': member_key} -%}
    {%- if target.type == 'bigquery' -%}{{ return(dict(whole_config(cluster_by), meta=meta)) }}{%- endif -%}
    {{ return({'incremental_strategy': 'replace_entities', 'meta': meta}) }}
{%- endmacro %}

{# Whether a model is built, or a test looks, for the entities that wait; else for all. #}
{% macro is_for_some_entities() -%}
    {%- set is_for_some = not var('every_entity_tested', false) if model.resource_type == 'test' else is_incremental() -%}
    {{ return(target.type != 'bigquery' and not var('every_entity', true) and is_for_some) }}
{%- endmacro %}

{# The stage of a model of a table of entities, or of the one that a test is about. #}
{% macro stage_of_entities(table) -%}
    {%- for name in (model.depends_on.nodes if model.resource_type == 'test' else [model.unique_id]) if name in graph.nodes -%}
        {%- set meta = graph.nodes[name].config.meta -%}
        {%- if meta.get('entity_table') == table -%}{{ return(meta['stage']) }}{%- endif -%}
    {%- endfor -%}
{%- endmacro %}

{# A predicate: the row is of an entity that waits; all do where a model is built for all. #}
{% macro is_touched(table, source='source', key='entity_key') -%}
    {%- if is_for_some_entities() -%}
        ({{ source }}, {{ key }}) in (
            select
                touched.source,
                touched.entity_key
            from {{ control_relation('entities_touched') }} as touched
            where
                touched.entity_table = '{{ table }}'
                and touched.request_id in (
                    select queue.request_id
                    from {{ control_relation('rebuild_queue') }} as queue
                    where queue.stage = '{{ stage_of_entities(table) }}'
                )
        )
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# A value that the platform gives when it runs a compiled query. #}
{% macro given_constant(name) -%}{{ '@' if target.type == 'bigquery' else '$' }}{{ name }}{%- endmacro %}

{# A table in which the platform keeps what it is doing; no model is made of it. #}
{% macro control_relation(name) -%}
    {%- for node in (graph.sources.values() if execute else []) if node.source_name == 'bronze' and node.name == 'files' -%}
        {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=name)) }}
    {%- endfor -%}
{%- endmacro %}

{# A predicate: the row goes where a model replaces those of the entities that wait. #}
{% macro is_replaced_of_entities() -%}
    {%- set meta = config.get('meta') -%}
    {{ is_touched(meta['entity_table'], key='cast(' ~ meta['entity_key_column'] ~ ' as string)') }}
{%- endmacro %}

{#
  Whether there may be rows for a model that is made of records of a table of entities. Where no record tells of one, its
  query, which DuckDB plans for a fifth of a second, need not run.
#}
{% macro is_told_of() -%}
    {%- set table = config.get('meta').get('entity_table') -%}
    {%- if not table or 'stg_entity_records' not in model.refs | map(attribute='name') -%}
        {{ return(true) }}
    {%- endif -%}
    {%- set records = ref('stg_entity_records') -%}
    {%- set found = run_query(
        'select 1 from ' ~ records ~ " where entity_table = '" ~ table ~ "' and entity_key is not null limit 1"
    ) -%}
    {{ return(found.rows | length > 0) }}
{%- endmacro %}

{# The columns of a model's contract, without a row; whether its query gives them is asked all the same. #}
{% macro without_rows(sql) -%}
    {%- do get_assert_columns_equivalent(sql) -%}
    {{ return(get_empty_schema_sql(model.columns) ~ ' where false') }}
{%- endmacro %}
