{#
  A dimension: a row per version of an entity, and the member with the key -1, to which facts point that have no id or
  one that nothing is known of. Where a model replaces touched entities, their members are made. Dimensions of persons are
  built as a whole, so that no list of whom a record tells of is needed for longer than their histories take.

  entity: what it is about; its versions are in <entity>_versions.
  columns: the tracked columns.
  has_text_id: whether its ids are texts; the member -1 has the id (unknown) then, and none otherwise.
#}
{% macro dimension(entity, columns, has_text_id=true) -%}
    {%- set id = id_of(entity) -%}
    with versions as (

        select
            {{ member_key(entity, 'source', id, 'valid_from') }} as {{ entity }}_key,
            source,
            {{ id }},
            {%- for column in columns %}
            {{ column }},
            {%- endfor %}
            valid_from,
            valid_to,
            is_current,
            is_deleted,
            version
        from {{ ref(entity ~ '_versions') }}
        where {{ is_touched(entity, key='cast(' ~ id ~ ' as string)') }}

    )

    select *
    from versions
    {%- if not is_for_some_entities() %}
    union all
    select
        '-1' as {{ entity }}_key,
        null as source,
        {{ "'(unknown)'" if has_text_id else 'null' }} as {{ id }},
        {%- for column in columns %}
        null as {{ column }},
        {%- endfor %}
        null as valid_from,
        null as valid_to,
        true as is_current,
        false as is_deleted,
        null as version
    {%- endif %}
{%- endmacro %}

{# The key of a version: it says the same of the same version, wherever it is computed. #}
{% macro member_key(entity, source, id, valid_from) -%}
    {%- set parts = ["'" ~ entity ~ "'", source, 'cast(' ~ id ~ ' as ' ~ 'string' ~ ')', rfc3339(valid_from)] -%}
    substr({{ sha256_hex(parts | join(' || chr(31) || ')) }}, 1, 32)
{%- endmacro %}
