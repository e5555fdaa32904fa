{# At this many implied deletes or fewer, a dump is not suspicious, whatever their share. #}
{% macro least_suspicious_deletes() -%}{{ return(100) }}{%- endmacro %}

{#
  Dumps of a table that imply too many deletes, one row each: source, taken_at, implied (how many), live (entities just
  before it), max_deleted_share. Entities that live are counted along their beginnings and ends, not looked up
  for each dump.
#}
{% macro suspicious_deletes(table) %}
    with dumps as (

        select
            source,
            valid_from as taken_at,
            count(*) as implied
        from {{ ref(table ~ '_records') }}
        where outcome = 'implied' and effect = 'delete'
        group by source, valid_from
        having count(*) > {{ least_suspicious_deletes() }}

    ),

    steps as (

        select
            source,
            valid_from as step_at,
            1 as step
        from {{ ref(table ~ '_versions') }}
        union all
        select
            source,
            valid_to as step_at,
            -1 as step
        from {{ ref(table ~ '_versions') }}
        where valid_to is not null

    ),

    lives as (

        select
            steps.source,
            dumps.taken_at,
            dumps.implied,
            sum(steps.step) as live
        from dumps
        inner join (
            select
                source,
                step_at,
                sum(step) as step
            from steps
            group by source, step_at
        ) as steps on dumps.source = steps.source and steps.step_at < dumps.taken_at
        group by steps.source, dumps.taken_at, dumps.implied

    )

    select
        lives.source,
        lives.taken_at,
        lives.implied,
        lives.live,
        coalesce(own.max_deleted_share, others.max_deleted_share) as max_deleted_share
    from lives
    left join {{ source('bronze', 'entity_sources') }} as own on lives.source = own.source
    inner join {{ source('bronze', 'entity_sources') }} as others on others.source = ''
    where lives.implied > lives.live * coalesce(own.max_deleted_share, others.max_deleted_share)
{% endmacro %}
