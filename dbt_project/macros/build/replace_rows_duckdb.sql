{#
  How tables are built on DuckDB: with a fraction of the statements of dbt-duckdb's own materializations, which take longer
  than the work of most models in an increment. Each is one transaction, so that readers see the old rows or the new ones.
#}

{# A part of the rows goes, the new ones come; incremental_strategy says which go. #}
{% materialization incremental, adapter='duckdb' -%}
    {{ return(build_table(keeps_others=not should_full_refresh())) }}
{%- endmaterialization %}

{# All rows go, the new ones come. #}
{% materialization table, adapter='duckdb' -%}
    {{ return(build_table(keeps_others=false)) }}
{%- endmaterialization %}

{% macro build_table(keeps_others) -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set table = this.incorporate(type='table') -%}

    {{ run_hooks(pre_hooks) }}

    {%- if existing is none or not keeps_others -%}
        {{ build_whole(existing, table) }}
    {%- else -%}
        {{ replace_rows(existing, table) }}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}

    {%- do persist_docs(table, model) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [table]}) }}
{%- endmacro %}

{% macro build_whole(existing, table) -%}
    {%- set create = create_table_as(false, table, sql if is_told_of() else without_rows(sql)) -%}
    {%- call statement('main') -%}
        {%- if existing is not none %}drop {{ existing.type }} if exists {{ existing }};{% endif %}
        {{ create }}
    {%- endcall -%}
{%- endmacro %}

{# What is read of the table itself, or compared with it, is put aside before rows go. #}
{% macro replace_rows(existing, table) -%}
    {%- set quoted = [] -%}
    {%- for name in columns_to_replace(existing) -%}{%- do quoted.append(adapter.quote(name)) -%}{%- endfor -%}
    {%- set columns = quoted | join(', ') -%}
    {%- set aside = api.Relation.create(identifier=this.identifier ~ '__new_rows') -%}
    {%- set is_put_aside = this.render() in sql or config.get('meta').get('replaces_found') -%}
    {%- do get_assert_columns_equivalent(sql) -%}
    {%- call statement('main') -%}
        {%- if is_put_aside %}
        create or replace temporary table {{ aside }} as (
            {{ sql }}
        );
        {%- endif %}

        delete from {{ table }}
        where {{ is_replaced(aside) }};

        insert into {{ table }} ({{ columns }})
        select {{ columns }} from {{ aside if is_put_aside else '(' ~ sql ~ ') as new_rows' }};
        {%- if is_put_aside %}

        drop table {{ aside }};
        {%- endif %}
    {%- endcall -%}
{%- endmacro %}

{# A predicate: the row goes. #}
{% macro is_replaced(new_rows) -%}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- if strategy == 'replace_window' -%}
        {{ is_replaced_in_window() }}
    {%- elif strategy == 'replace_entities' -%}
        {{ is_replaced_of_entities() }}
    {%- elif strategy == 'replace_touched' -%}
        {{ is_replaced_of_touched(new_rows) }}
    {%- elif strategy == 'replace_differing' -%}
        {{ is_replaced_where_it_differs() }}
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            model.name ~ ' has the incremental_strategy ' ~ strategy ~ '. Take replace_window, replace_entities, '
            ~ 'replace_touched or replace_differing, whose macros give the arguments of config().'
        ) -%}
    {%- endif -%}
{%- endmacro %}
