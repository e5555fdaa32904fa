{#
  The walk over the records of entities: what dumps imply, and what each record does to the history of its entity.
#}

{#
  Deletes that dumps imply, one row each (source, entity_key, observed_at).

  kept: records that count, once each.
  dumps: (source, taken_at), a row a time at which a complete dump was taken.
  present: (source, taken_at, entity_key), what the dumps of a time have.
#}
{% macro implied_entity_deletes(kept, dumps, present) -%}
    select
        ended.source,
        ended.entity_key,
        min(dumps.taken_at) as observed_at
    from (
        select
            *,
            lead(observed_at) over (partition by source, entity_key order by observed_at) as next_observed_at
        from (
            select
                source,
                entity_key,
                observed_at,
                max(case when is_delete then 0 else 1 end) as upserts
            from {{ kept }}
            where source in (select source from {{ dumps }})
            group by source, entity_key, observed_at
        ) as times
    ) as ended
    inner join {{ dumps }} as dumps
        on
            ended.source = dumps.source
            and ended.observed_at < dumps.taken_at
            and (ended.next_observed_at is null or dumps.taken_at < ended.next_observed_at)
    left join {{ present }} as present
        on
            dumps.source = present.source
            and dumps.taken_at = present.taken_at
            and ended.entity_key = present.entity_key
    where ended.upserts = 1 and present.entity_key is null
    group by ended.source, ended.entity_key, ended.observed_at
{%- endmacro %}

{#
  CTEs that end in `walked`: what each record does, as `effect` and `valid_from`, and whether it melted into the version
  before it. `records` has the entity, record_number, observed_at, claimed_at, is_delete, and tracked_hash: of the tracked
  columns after unchanged ones are filled, NULL for a delete.

  A record begins when it was observed or, by what it claims, after the one before was. So none takes the place of another
  in an entity whose records were all observed at times of their own, and that none claims to have foreseen: there, each
  change is to be told from the record before it alone.
#}
{% macro walked_entity_records(records) -%}
    {%- set entity = 'partition by source, entity_key order by record_number' -%}
    {%- set changes = 'partition by source, entity_key, does_change order by record_number' -%}
    {%- set standing = 'partition by source, entity_key, does_change and not is_superseded '
        ~ 'order by record_number' -%}
    {%- set own = [
        'hash_before', 'observed_before', 'begins_at', 'does_change', 'intricate_key', 'is_superseded', 'hash_standing'
    ] -%}
dated as (

    select
        *,
        tracked_hash is distinct from hash_before as does_change,
        case
            when claimed_at > observed_before or observed_before is null then coalesce(claimed_at, observed_at)
            else observed_at
        end as begins_at
    from (
        select
            *,
            lag(tracked_hash) over ({{ entity }}) as hash_before,
            lag(observed_at) over ({{ entity }}) as observed_before
        from {{ records }}
    ) as compared

),

intricate_entities as (

    select distinct
        source as intricate_source,
        entity_key as intricate_key
    from dated
    where observed_before = observed_at or claimed_at > observed_at

),

split as (

    select
        dated.*,
        intricate_entities.intricate_key
    from dated
    left join intricate_entities
        on
            dated.source = intricate_entities.intricate_source
            and dated.entity_key = intricate_entities.intricate_key

),

survivors as (

    select
        *,
        false as is_superseded,
        hash_before as hash_standing
    from split
    where intricate_key is null
    union all
    select
        *,
        lag(tracked_hash) over ({{ standing }}) as hash_standing
    from (
        select
            *,
            coalesce(does_change and lead(begins_at) over ({{ changes }}) = begins_at, false) as is_superseded
        from split
        where intricate_key is not null
    ) as judged

),

walked as (

    select
        {{ all_but('survivors', own) }},
        case
            when not does_change then 'unchanged'
            when is_superseded then 'superseded'
            when tracked_hash is not distinct from hash_standing then 'unchanged'
            when is_delete then 'delete'
            else 'opened'
        end as effect,
        case when does_change then begins_at end as valid_from,
        does_change and not is_superseded and tracked_hash is not distinct from hash_standing as is_melted
    from survivors

)
{%- endmacro %}
