{#
  How a model whose rows belong to things (openings …) replaces those of things that are made of something else than they
  were, as keyword arguments of config(). Another model has a row per thing with a fingerprint of all that it is made of, and
  the model keeps that beside its rows: where both are the same, nothing is to be done, whatever has been built or has failed
  in between. One transaction deletes and inserts. BigQuery builds all of it again: these rows lie in no partition of their
  own.

  fingerprints: the name of that model.
  key: the column, in both, that names the thing; `made_of` has the fingerprint.
#}
{% macro replace_differing_config(fingerprints, key, cluster_by=[]) -%}
    {%- set meta = {'fingerprints': fingerprints, 'fingerprinted': key} -%}
    {%- if target.type == 'bigquery' -%}{{ return(dict(whole_config(cluster_by), meta=meta)) }}{%- endif -%}
    {{ return({'incremental_strategy': 'replace_differing', 'meta': meta}) }}
{%- endmacro %}

{# A SELECT with the things to make: those whose fingerprint the table does not have; all of them where it is built as a whole. #}
{% macro things_to_make(fingerprints, key) -%}
    select
        fingerprints.{{ key }},
        fingerprints.made_of
    from {{ fingerprints }} as fingerprints
    {%- if is_for_some_entities() %}
    left join (
        select distinct
            {{ key }},
            made_of
        from {{ this }}
    ) as made
        on fingerprints.{{ key }} = made.{{ key }} and fingerprints.made_of = made.made_of
    where made.{{ key }} is null
    {%- endif %}
{%- endmacro %}

{# A predicate: the row goes, since its thing is made of something else now, or is none any more; or all rows are made. #}
{% macro is_replaced_where_it_differs() -%}
    {%- set meta = config.get('meta') -%}
    {%- if is_for_some_entities() -%}
    ({{ meta['fingerprinted'] }}, made_of) not in (
        select (fingerprints.{{ meta['fingerprinted'] }}, fingerprints.made_of)
        from {{ relation_of(meta['fingerprints']) }} as fingerprints
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}
