{#
  The order of an entity's records, and which of them are told twice. `records` is a relation or the name of a
  CTE with the records that count, one row each:

      entity_table, source, entity_key, form (row, envelope, flattened), is_delete, rank, own_time (source_ts of a
      change or read, observed_at of a row), claimed_at, stream, position_1, position_2, position_3, raw_line,
      record_format, _source_file, _source_line

  No window sorts raw lines but where nothing else decides.
#}

{# What decides between the records of an entity. #}
{% macro entity_order() -%}
    observed_at, stream, position_1 nulls first, position_2 nulls first, position_3 nulls first, rank,
    claimed_at nulls first, is_delete, raw_where_needed, record_format
{%- endmacro %}

{# The records with observed_at: the greatest source_ts so far, in the order of the log. #}
{% macro observed_entity_records(records) -%}
    {%- set entity = 'entity_table, source, entity_key' -%}
    {%- set log = entity ~ ', stream, (position_1 is not null and form <> \'row\')' -%}
    {%- set position = 'position_1 nulls first, position_2 nulls first, position_3 nulls first' -%}
    select
        {{ all_but('followed', ['latest_so_far', 'latest_before']) }},
        case
            when form = 'row' or position_1 is null then own_time
            else greatest(
                own_time,
                min(latest_before) over (partition by {{ log }}, position_1, position_2, position_3)
            )
        end as observed_at
    from (
        select
            *,
            -- Of records with one position, the first has the greatest time of those before them.
            coalesce(
                lag(latest_so_far) over (partition by {{ log }} order by {{ position }}),
                {{ timestamp_of_micros('-62135596800000000') }}
            ) as latest_before
        from (
            select
                *,
                max(own_time) over (
                    partition by {{ log }} order by {{ position }}
                    range between unbounded preceding and current row
                ) as latest_so_far
            from {{ records }}
        ) as running
    ) as followed
{%- endmacro %}

{#
  Observed records with is_duplicate: another says the same, and comes first by what is written, then by place; and
  how many of those that say the same are told again, as `duplicates`.
#}
{% macro told_entity_records(observed) -%}
    {%- set same -%}
        partition by
            entity_table, source, entity_key, form = 'row', rank, is_delete, own_time, claimed_at, stream,
            position_1, position_2, position_3,
            case when position_1 is null then raw_where_needed end,
            case when position_1 is null then record_format end
    {%- endset %}
    select
        *,
        row_number() over (
            {{ same }}
            order by raw_where_needed, record_format, _source_file, _source_line
        ) > 1 as is_duplicate,
        count(*) over ({{ same }}) - 1 as duplicates
    from (
        select
            *,
            case
                when
                    count(*) over (
                        partition by
                            entity_table, source, entity_key, observed_at, stream, position_1, position_2, position_3,
                            rank, claimed_at, is_delete
                    ) > 1
                    then raw_line
                else ''
            end as raw_where_needed
        from {{ observed }}
    ) as compared
{%- endmacro %}
