{#
  The records of a table with their columns as typed values: a row a record that counts. A delete has none.

  records: rows like those of stg_entity_records, and their `state`: the JSON text of an object with the columns, its
  numbers marked (see members.sql).

  Beside what the records have (but `state`):

  <column>            its typed value; NULL where it is missing, invalid or unchanged
  invalid_fields      names of the columns that cannot be read, sorted; NULL where there are none
  unchanged_bits      the sum of column_bit() of the columns that keep the value which the entity had before; NULL for 0
  properties          JSON text of what has no column, is invalid, or became `other`, as sent, without personal data;
                      NULL where there is none
  <end>_as_sent       of each end of a salary's range: as it was sent; NULL where it was not
#}
{% macro entity_values(table, records) -%}
    {%- set columns = entity_columns(table) -%}
    {%- set names = columns | map(attribute='name') | list -%}
    {%- set members, flags = [], [] -%}
    {%- for name in names -%}
        {%- do members.append(name ~ '_member') -%}
        {%- for flag in ['_is_invalid', '_is_other', '_is_unavailable'] -%}
            {%- do flags.append(name ~ flag) -%}
        {%- endfor -%}
    {%- endfor %}
    select
        {{ all_but('told', ['properties_sent', 'properties_without_personal']) }},
        nullif({{ without_marks('properties_without_personal') }}, '{}') as properties
    from (
        select
            *,
            {{ without_personal('properties_sent', table) }} as properties_without_personal
        from (
            select
                {{ all_but('unknown', ['state', 'document', 'sent_names', 'shown_names', 'property_names', 'unknown_members',
                    'is_cell', 'is_change', 'absence_is_no_change', 'source_time_zone'] + members + flags) }},
                {%- for name in ends_of_salaries(columns) %}
                case when not {{ name }}_is_unavailable then {{ without_marks(name ~ '_member') }} end as {{ name }}_as_sent,
                {%- endfor %}
                case
                    when {{ element_count('property_names') }} > 0
                        then coalesce(
                            {{ plain_properties('unknown_members', 'property_names') }},
                            {{ properties_of('state', 'property_names', names) }}
                        )
                end as properties_sent
            from (
                select
                    *,
                    {{ members_but_for('state', 'property_names', names) }} as unknown_members
                from (
                    select
                        *,
                        {{ names_of_properties(names) }} as property_names
                    from (
                        select
                            *,
                            {{ names_where(names, ['_is_invalid']) }} as invalid_fields,
                            {{ bits_of_unchanged(names) }} as unchanged_bits,
                            {{ names_where(names, ['_is_invalid', '_is_other']) }} as shown_names
                        from ({{ typed_members('(' ~ entity_members(table, records) ~ ')', columns) }}) as typed
                    ) as judged
                ) as named
            ) as unknown
        ) as known
    ) as told
{%- endmacro %}

{# The records of a table with the members of its columns. #}
{% macro entity_members(table, records) -%}
    {%- set names = entity_columns(table) | map(attribute='name') | list %}
    select
        *
        {%- for name in names %},
        {{ json_member('document', name) }} as {{ name }}_member
        {%- endfor %}
    from (
        select
            *,
            {{ json_document('state', names) }} as document,
            {{ json_names('state') }} as sent_names,
            record_format in ('csv', 'xml') as is_cell,
            form <> 'row' as is_change,
            form <> 'row' or record_format = 'csv' as absence_is_no_change,
            source_zone as source_time_zone
        from {{ records }}
    ) as documents
{%- endmacro %}

{# The names of the columns for which one of some flags is set, in alphabetical order; NULL where there are none. #}
{% macro names_where(names, suffixes) -%}
    {%- set told = [] -%}
    {%- for name in names | sort -%}
        {%- do told.append('case when ' ~ name ~ suffixes | join(' or ' ~ name) ~ " then '" ~ name ~ "' end") -%}
    {%- endfor -%}
    {%- set any = [] -%}
    {%- for name in names -%}{%- do any.append(name ~ suffixes | join(' or ' ~ name)) -%}{%- endfor -%}
    case
        when {{ any | join(' or ') }}
            then {{ elements_where('[' ~ told | join(', ') ~ ']', 'name', 'name is not null') }}
    end
{%- endmacro %}

{#
  The bit of a column among those of its table: which columns a record leaves as they were is one number, since lists of
  names cost several times as much.
#}
{% macro column_bit(names, name) -%}
    {%- if names | length > 62 -%}
        {{ exceptions.raise_compiler_error('column_bit: a table of entities has more than 62 columns.') }}
    {%- endif -%}
    {{ return(2 ** names.index(name)) }}
{%- endmacro %}

{# The bits of the columns whose value is the one from before: of what is absent, where that means so. #}
{% macro bits_of_unchanged(names) -%}
    case
        when state is not null
            then nullif(
                {%- for name in names %}
                case
                    when {{ name }}_is_unavailable then {{ column_bit(names, name) }}
                    when {{ name }}_member is not null or not absence_is_no_change then 0
                    when {{ has_element('sent_names', "'" ~ name ~ "'") }} then 0
                    else {{ column_bit(names, name) }}
                end{{ ' +' if not loop.last }}
                {%- endfor %},
                0
            )
    end
{%- endmacro %}

{#
  The names of members that go to the properties: they have no column, or their values could not be kept. Nearly all
  records are told by the first of these conditions alone.
#}
{% macro names_of_properties(names) -%}
    {%- set has_no_column = 'name not in (' ~ quoted_list(names) ~ ')' -%}
    {%- set is_told_by_debezium = "form = 'flattened' and starts_with(name, '__')" -%}
    {%- set is_shown = 'coalesce(' ~ has_element('shown_names', 'name') ~ ', false)' -%}
    case
        when form <> 'flattened' and shown_names is null then {{ elements_where('sent_names', 'name', has_no_column) }}
        else {{ elements_where(
            'sent_names', 'name',
            '(' ~ has_no_column ~ ' and not (' ~ is_told_by_debezium ~ ')) or ' ~ is_shown
        ) }}
    end
{%- endmacro %}

{# The members of some names as a JSON object, without those that say nothing. #}
{% macro properties_of(state, property_names, names) -%}
    {%- set members = json_members_among(state, property_names) -%}
    {%- set is_blank = member_is_text('sent.member') ~ ' and ' ~ member_trimmed_text('sent.member') ~ ' is null' -%}
    {%- set told = elements_where(
        members, 'sent',
        "case when sent.member is null or sent.member = '\"\"' or " ~ is_unavailable('sent.member') ~ ' then false '
        ~ 'when is_cell then not (' ~ is_blank ~ ') else true end'
    ) -%}
    {%- set pairs = each(told, 'sent', 'concat(' ~ json_quoted('sent.name') ~ ", ':', sent.member)") -%}
    concat('{', {{ joined_texts(sorted_texts(pairs), ',') }}, '}')
{%- endmacro %}

{#
  The members of a record that have no column, as an object, or the one that goes to the properties; NULL where there are
  none, or where the engine is no faster with all at once.
#}
{% macro members_but_for(state, property_names, names) -%}
    {{ return(adapter.dispatch('members_but_for')(state, property_names, names)) }}
{%- endmacro %}

{% macro duckdb__members_but_for(state, property_names, names) -%}
    {%- set name = property_names ~ '[1]' -%}
    case
        when {{ duckdb__has_one_plain_name(property_names) }}
            then '{"' || {{ name }} || '":' || json_extract({{ state }}, '/' || {{ name }})::varchar || '}'
        when len({{ property_names }}) > 0 then {{ json_without(state, names) }}
    end
{%- endmacro %}

{# Whether there is one name, and nothing of it is written otherwise in JSON, or in a pointer to a member. #}
{% macro duckdb__has_one_plain_name(property_names) -%}
    (len({{ property_names }}) = 1 and regexp_full_match({{ property_names }}[1], '[A-Za-z0-9_.-]+'))
{%- endmacro %}

{% macro bigquery__members_but_for(state, property_names, names) -%}cast(null as string){%- endmacro %}

{# What properties_of() says, told several times as fast where each member says something; NULL for others. #}
{% macro plain_properties(unknown_members, property_names) -%}
    {{ return(adapter.dispatch('plain_properties')(unknown_members, property_names)) }}
{%- endmacro %}

{# Names of these characters are in the same order with quotes around them. #}
{% macro duckdb__plain_properties(unknown_members, property_names) -%}
    case
        when
            is_cell
            or contains({{ unknown_members }}, 'null')
            or contains({{ unknown_members }}, '""')
            or contains({{ unknown_members }}, '{{ unchanged_value() }}') then null
        when {{ duckdb__has_one_plain_name(property_names) }} then {{ unknown_members }}
        when json_keys({{ unknown_members }}) <> {{ property_names }} then null
        when len({{ property_names }}) = 1 then {{ unknown_members }}
        when
            regexp_full_match(array_to_string({{ property_names }}, ''), '[A-Za-z0-9_.-]*')
            and len(list_distinct({{ property_names }})) = len({{ property_names }})
            then cast(to_json(map_from_entries(list_sort(map_entries(
                cast(cast({{ unknown_members }} as json) as map(varchar, json))
            )))) as varchar)
    end
{%- endmacro %}

{% macro bigquery__plain_properties(unknown_members, property_names) -%}cast(null as string){%- endmacro %}
