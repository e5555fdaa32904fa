{#
  As-of joins: which version of a job, a company … held when a fact happened, and how good the match is.

      with job_members as ({{ members_of('job') }})

      select
          {{ as_of_columns('job', 'given.job_id', 'given.at') }}
      from given
      {{ as_of('job', 'given.job_id', 'given.at') }}

  A row of `given` comes out once, whatever its id and its time are. Without a time, the last version counts.
#}

{# The column that names what a dimension is about. #}
{% macro id_of(dimension) -%}
    {{ return({'job_group': 'group_id'}.get(dimension, dimension ~ '_id')) }}
{%- endmacro %}

{#
  The members of a dimension in the order in which they answer for their id. An id that several sources tell of is
  answered by `product`, else by the source with the smallest name.

  also: columns beside the key, the id and the times.
  of: a relation with the ids that are asked for, in a column called as in the dimension; none: all are.
#}
{% macro members_of(dimension, also=[], of=none) -%}
    {%- set id = id_of(dimension) %}
    {%- set is_asked_for = ' and ' ~ id ~ ' in (select ' ~ id ~ ' from ' ~ of ~ ')' if of else '' %}
    select
        {{ dimension }}_key,
        {{ id }},
        {%- for column in also %}
        {{ column }},
        {%- endfor %}
        valid_from,
        valid_to,
        case when version = 1 then {{ first_instant() }} else valid_from end as holds_from
        {{- holds_to_column(id) }}
    from ({{ told_once(ref('dim_' ~ dimension), id, dimension ~ "_key <> '-1'" ~ is_asked_for) }}) as answering
{%- endmacro %}

{# The versions of the source that answers for an id, which has a first one; joins of hashes cost less than windows here. #}
{% macro told_once(relation, id, condition='true') -%}
    select given.*
    from {{ relation }} as given
    inner join (
        select
            {{ id }} as known_id,
            min({{ order_of_source('source') }}) as answering
        from {{ relation }}
        where version = 1 and {{ condition }}
        group by {{ id }}
    ) as sources
        on given.{{ id }} = sources.known_id and {{ order_of_source('given.source') }} = sources.answering
    where {{ condition }}
{%- endmacro %}

{# What sources are sorted by: `product` comes first. #}
{% macro order_of_source(source) -%}case when {{ source }} = 'product' then '' else {{ source }} end{%- endmacro %}

{# The join that finds the member; its id is NULL where there is none. #}
{% macro as_of(dimension, id, at) -%}
    {{ as_of_join(dimension ~ '_members', id_of(dimension), id, at) }}
{%- endmacro %}

{# The key of the member, and the word for the match. #}
{% macro as_of_columns(dimension, id, at) -%}
    {%- set member = dimension ~ '_members' -%}
    coalesce({{ member }}.{{ dimension }}_key, '-1') as {{ dimension }}_key,
    case
        when {{ id }} is null then null
        when {{ member }}.{{ dimension }}_key is null then 'unknown'
        when {{ at }} < {{ member }}.valid_from then 'before_first'
        when {{ member }}.valid_to is null or {{ at }} < {{ member }}.valid_to then 'exact'
        else 'after_delete'
    end as {{ dimension }}_match
{%- endmacro %}

{# The last version of each id: the current one, where there is one; and when the first began. #}
{% macro last_versions(relation, id, condition='true') -%}
    select
        answering.*,
        ends.first_valid_from
    from ({{ told_once(relation, id, condition) }}) as answering
    inner join (
        select
            source as told_by,
            {{ id }} as known_id,
            min(valid_from) as first_valid_from,
            max(valid_from) as last_valid_from
        from {{ relation }}
        where {{ condition }}
        group by source, {{ id }}
    ) as ends
        on
            answering.source = ends.told_by
            and answering.{{ id }} = ends.known_id
            and answering.valid_from = ends.last_valid_from
{%- endmacro %}
