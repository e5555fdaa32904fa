{#
  The order of an entity's records, and which of them are told twice. `records` is a relation or the name of a
  CTE with the records that count, one row each:

      source, entity_key, form (row, envelope, flattened), is_delete, rank, own_time (source_ts of a
      change or read, observed_at of a row), claimed_at, stream, position_1, position_2, position_3, record_format,
      _source_dt, _source_file, _source_line, _source_sha256

  Windows sort narrow rows: raw lines come in only where nothing else decides, and columns once the order is there.
#}

{# Where a record stands. #}
{% macro place_columns() -%}{{ return(['_source_dt', '_source_file', '_source_line', '_source_sha256']) }}{%- endmacro %}

{# The condition that two relations tell of the same place. #}
{% macro same_place(first, second) -%}
    {%- set told = [] -%}
    {%- for name in place_columns() -%}{%- do told.append(first ~ '.' ~ name ~ ' = ' ~ second ~ '.' ~ name) -%}{%- endfor -%}
    {{ told | join(' and ') }}
{%- endmacro %}

{# What decides between records of an entity that were observed at the same time. #}
{% macro order_of_ties() -%}
    stream, position_1 nulls first, position_2 nulls first, position_3 nulls first, rank, claimed_at nulls first,
    is_delete, raw_where_needed, record_format
{%- endmacro %}

{#
  CTEs that end in `observed`: the records with observed_at: the greatest source_ts so far, in the order of the log; and
  is_tied: another of its entity was observed at that time, so that only their raw lines may tell them apart.
#}
{% macro observed_entity_records(records) -%}
    {%- set log = 'source, entity_key, stream' -%}
    {%- set is_in_log = "form <> 'row' and position_1 is not null" -%}
    {%- set position = 'position_1 nulls first, position_2 nulls first, position_3 nulls first' -%}
timed as (

    -- Without a place in a log there is nothing before it: windows would sort these for nothing.
    select
        *,
        own_time as observed_at
    from {{ records }}
    where not ({{ is_in_log }})
    union all
    select
        {{ all_but('followed', ['latest_before']) }},
        -- Of records with one position, the first has the greatest time of those before them.
        greatest(
            own_time,
            min(latest_before) over (partition by {{ log }}, position_1, position_2, position_3)
        ) as observed_at
    from (
        select
            *,
            coalesce(
                max(own_time) over (
                    partition by {{ log }} order by {{ position }} rows between unbounded preceding and 1 preceding
                ),
                {{ timestamp_of_micros('-62135596800000000') }}
            ) as latest_before
        from {{ records }}
        where {{ is_in_log }}
    ) as followed

),

-- Times at which several records of an entity were observed: few.
shared_times as (

    select
        source as shared_source,
        entity_key as shared_key,
        observed_at as shared_at
    from timed
    group by source, entity_key, observed_at
    having count(*) > 1

),

observed as (

    select
        timed.*,
        shared_times.shared_key is not null as is_tied
    from timed
    left join shared_times
        on
            timed.source = shared_times.shared_source
            and timed.entity_key = shared_times.shared_key
            and timed.observed_at = shared_times.shared_at

)
{%- endmacro %}

{#
  Observed records with is_duplicate: another says the same, and comes first by what is written, then by place; how many
  of those that say the same are told again, as `duplicates`; and tie_number, their order among records of their entity that
  were observed at the same time, 0 where there are no others. `lines` has the raw_line of the places that are tied.
#}
{% macro told_entity_records(observed, lines) -%}
    {%- set same -%}
        partition by
            source, entity_key, form = 'row', rank, is_delete, own_time, claimed_at, stream,
            position_1, position_2, position_3,
            case when position_1 is null then raw_where_needed end,
            case when position_1 is null then record_format end
        order by raw_where_needed, record_format, _source_file, _source_line
    {%- endset %}
    select
        *,
        '' as raw_where_needed,
        false as is_duplicate,
        0 as duplicates,
        0 as tie_number
    from {{ observed }}
    where not is_tied
    union all
    select
        *,
        row_number() over ({{ same }}) > 1 as is_duplicate,
        count(*) over ({{ same }} rows between unbounded preceding and unbounded following) - 1 as duplicates,
        row_number() over (partition by source, entity_key, observed_at order by {{ order_of_ties() }}) as tie_number
    from (
        select
            observed.*,
            raw.raw_line as raw_where_needed
        from {{ observed }} as observed
        inner join {{ lines }} as raw on {{ same_place('observed', 'raw') }}
        where observed.is_tied
    ) as compared
{%- endmacro %}

{#
  Records with record_number: their place in the order of their entity, from 1; and life: how many deletes have come, this
  one included, since a delete forgets what was there.
#}
{% macro numbered_entity_records(records) -%}
    {%- set entity = 'partition by source, entity_key order by observed_at, tie_number' %}
    select
        *,
        row_number() over ({{ entity }}) as record_number,
        count(case when is_delete then 1 end) over ({{ entity }} rows between unbounded preceding and current row) as life
    from {{ records }}
{%- endmacro %}
