{{ config(**replace_window_config('_source_dt', cluster_by=['entity_table', 'source', 'entity_key'])) }}
{%- set required = [] -%}
{%- for table in entity_tables() -%}
    {%- for column in entity_columns(table) if column.required and column.role != 'key' -%}
        {%- do required.append((table, column)) -%}
    {%- endfor -%}
{%- endfor %}
{%- set required_columns = required | map(attribute=1) | list | unique(attribute='name') | list %}
{%- set updated_at = {'name': 'updated_at', 'kind': 'timestamp', 'is_list': false, 'least': none, 'most': none} %}
{%- set keys = [] -%}
{%- for table in entity_tables() -%}{%- do keys.append((table, entity_key_column(table))) -%}{%- endfor %}
{%- set names = (keys | map(attribute='1.name') | list + required_columns | map(attribute='name') | list
    + ['updated_at']) | unique | list %}
{%- set log_names = ['ts_us', 'ts_ms', 'name', 'lsn', 'file', 'pos', 'row', 'snapshot'] %}
{%- set flat_names = ['__op', '__deleted', '__source_ts_us', '__source_ts_ms', '__lsn', '__name'] %}

with lines as (

    select
        raw.*,
        coalesce(own.time_zone, others.time_zone) as source_zone,
        raw.record_format in ('csv', 'xml') as is_cell,
        raw.raw_form = 'text' and {{ is_json('raw.raw_line') }} as may_be_json
    from {{ source('bronze', 'entities_raw') }} as raw
    left join {{ source('bronze', 'entity_sources') }} as own on raw.source = own.source
    inner join {{ source('bronze', 'entity_sources') }} as others on others.source = ''
    where {{ in_window('raw._source_dt') }} and {{ is_committed('entities') }}

),

objects as (

    select
        *,
        may_be_json and not case
            when {{ matches('raw_line', '(?i)nan|inf') }} then {{ holds_constant('raw_line') }}
            else false
        end as is_json,
        may_be_json and {{ matches('raw_line', '^\\s*[{]') }} as is_object
    from lines

),

-- Connectors may send each record with its schema.
outer_names as (

    select
        *,
        case
            when is_json and is_object and {{ has_text('raw_line', '"payload"') }} then {{ json_names('raw_line') }}
        end as wrapped_names,
        {{ json_document("case when is_json and is_object and " ~ has_text('raw_line', '"payload"')
            ~ " then raw_line end", ['payload']) }} as wrapped
    from objects

),

records as (

    select
        *,
        coalesce(
            {{ is_among('schema', 'wrapped_names') }} and substr({{ json_member('wrapped', 'payload') }}, 1, 1) = '{',
            false
        ) as is_wrapped,
        case
            when {{ is_among('schema', 'wrapped_names') }} and substr({{ json_member('wrapped', 'payload') }}, 1, 1) = '{'
                then {{ json_member('wrapped', 'payload') }}
            when is_json and is_object then raw_line
        end as record_text
    from outer_names

),

named as (

    select
        *,
        case
            when {{ has_text('record_text', '"op"') }} or {{ has_text('record_text', '"__') }}
                then {{ json_names('record_text') }}
        end as names
    from records

),

forms as (

    select
        *,
        case
            when record_text is null then null
            when {{ is_among('op', 'names') }} and ({{ is_among('before', 'names') }} or {{ is_among('after', 'names') }})
                then 'envelope'
            when {{ is_among('__op', 'names') }} or {{ is_among('__deleted', 'names') }} then 'flattened'
            else 'row'
        end as form
    from named

),

documents as (

    select
        *,
        form <> 'row' as is_change,
        {{ json_document("case when form = 'envelope' then record_text end", ['op', 'before', 'after', 'source']) }}
            as envelope,
        {{ json_document("case when form = 'flattened' then record_text end", flat_names) }} as flattened
    from forms

),

logs as (

    select
        *,
        {{ json_document(
            "case when substr(" ~ json_member('envelope', 'source') ~ ", 1, 1) = '{' then "
            ~ json_member('envelope', 'source') ~ " end", log_names
        ) }} as log
    from documents

),

members as (

    select
        *,
        coalesce({{ json_member('envelope', 'op') }}, {{ json_member('flattened', '__op') }}) as op_member,
        {{ json_member('envelope', 'before') }} as before_member,
        {{ json_member('envelope', 'after') }} as after_member,
        {{ json_member('flattened', '__deleted') }} as deleted_member,
        coalesce({{ json_member('log', 'ts_us') }}, {{ json_member('flattened', '__source_ts_us') }}) as us_member,
        coalesce({{ json_member('log', 'ts_ms') }}, {{ json_member('flattened', '__source_ts_ms') }}) as ms_member,
        coalesce({{ json_member('log', 'name') }}, {{ json_member('flattened', '__name') }}) as name_member,
        coalesce({{ json_member('log', 'lsn') }}, {{ json_member('flattened', '__lsn') }}) as lsn_member,
        {{ json_member('log', 'file') }} as file_member,
        {{ json_member('log', 'pos') }} as pos_member,
        {{ json_member('log', 'row') }} as row_member,
        {{ json_member('log', 'snapshot') }} as snapshot_member
    from logs

),

texts as (

    select
        *,
        {{ text_in('op_member', 'is_cell') }} as op_text,
        {{ text_in('deleted_member', 'is_cell') }} as deleted_text,
        case when {{ is_nothing('us_member', 'is_cell') }} then ms_member else us_member end as ts_member,
        {{ text_in('name_member', 'is_cell') }} as name_text,
        {{ replace_all(text_in('file_member', 'is_cell'), '[^0-9]', "''") }} as file_digits,
        {{ digits_in('lsn_member', 'is_cell') }} as lsn_spelling,
        {{ digits_in('pos_member', 'is_cell') }} as pos_spelling,
        {{ digits_in('row_member', 'is_cell') }} as row_spelling,
        case
            when {{ is_nothing('snapshot_member', 'is_cell') }} then false
            when snapshot_member = 'false' or {{ matches('snapshot_member', '^-?0+([.]0+)?$') }} then false
            else coalesce({{ text_in('snapshot_member', 'is_cell') }} <> 'false', true)
        end as is_of_snapshot
    from members

),

operations as (

    select
        *,
        {{ text_in('ts_member', 'is_cell') }} as ts_text,
        {{ digits_in('ts_member', 'is_cell') }} as ts_spelling,
        {{ without_exponent('lsn_spelling') }} as lsn_digits,
        {{ without_exponent('pos_spelling') }} as pos_digits,
        {{ without_exponent('row_spelling') }} as row_digits,
        case
            when form = 'envelope' then op_text
            when form = 'row' then null
            when {{ is_nothing('op_member', 'is_cell') }} then 'u'
            else op_text
        end as sent_op,
        coalesce(deleted_member = 'true' or lower(deleted_text) = 'true', false) as is_marked_deleted
    from texts

),

states as (

    select
        *,
        {{ without_exponent('ts_spelling') }} as ts_digits,
        case when is_marked_deleted and sent_op in ('c', 'u', 'r') then 'd' else sent_op end as change_op,
        case
            when form <> 'envelope' then record_text
            when op_text = 'd' and substr(before_member, 1, 1) = '{' then before_member
            when op_text <> 'd' and substr(after_member, 1, 1) = '{' then after_member
        end as state,
        {{ whole_of('lsn_digits') }} as lsn,
        {{ whole_of('pos_digits') }} as log_position,
        coalesce({{ whole_of('row_digits') }}, 0) as log_row
    from operations

),

columns_of_states as (

    select
        *,
        {{ json_document('state', names) }} as columns,
        -- Where a number may have lost digits, they are read as texts.
        {{ json_document(
            "case when " ~ matches('state', '[0-9][.eE]') ~ " then " ~ with_numbers_as_strings('state') ~ " end",
            required_columns | map(attribute='name') | list
        ) }} as exact_columns
    from states

),

column_members as (

    select
        *,
        {%- for name in names %}
        {{ json_member('columns', name) }} as {{ name }}_member,
        {%- endfor %}
        case entity_table
            {%- for table, key in keys %}
            when '{{ table }}' then {{ json_member('columns', key.name) }}
            {%- endfor %}
        end as key_member,
        entity_table in ({{ quoted_list(keys | selectattr('1.kind', 'equalto', 'integer_id') | map(attribute=0) | list) }})
            as has_integer_key
    from columns_of_states

),

column_texts as (

    select
        *,
        case when not has_integer_key then {{ text_in('key_member', 'is_cell') }} end as key_text,
        case
            when has_integer_key then {{ digits_in('key_member', 'is_cell') }}
            else {{ digits_in('key_member', 'false') }}
        end as key_spelling,
        {%- for column in required_columns + [updated_at] %}
        {{ value_text(column) }} as {{ column.name }}_text,
        {%- if has_digits(column) %}
        {{ exact_digits(column, 'exact_columns' if column.kind == 'decimal' else none) }} as {{ column.name }}_spelling,
        {%- endif %}
        {%- endfor %}
        coalesce({{ is_placeholder('key_member') }}, false) as has_no_key
    from column_members

),

column_digits as (

    select
        *,
        {%- for column in required_columns + [updated_at] if has_digits(column) %}
        {{ without_exponent(column.name ~ '_spelling') }} as {{ column.name }}_digits,
        {%- endfor %}
        {{ without_exponent('key_spelling') }} as key_digits
    from column_texts

),

times as (

    select
        *,
        case when not has_no_key then coalesce(nullif(key_text, ''), cast({{ whole_of('key_digits') }} as string)) end
            as entity_key,
        case when is_change then {{ in_calendar('(' ~ micros_of('ts_digits', 'ts_text', 'source_zone') ~ ')') }} end
            as source_micros,
        {{ is_sent(updated_at) }} as is_updated_at_sent,
        case when {{ is_sent(updated_at) }} then
            {{ in_calendar('(' ~ micros_of('updated_at_digits', 'updated_at_text', 'source_zone') ~ ')') }}
        end as updated_micros,
        {{ micros_of_timestamp('taken_at') }} as taken_micros,
        coalesce(change_op = 'd', false) as is_delete,
        {%- for column in required_columns %}
        {{ is_sent(column) }} and ({{ value_of(column) }}) is not null as has_{{ column.name }},
        coalesce({{ is_placeholder(column.name ~ '_member') }}, false)
        or ({{ column.name }}_member is null and (is_change or record_format = 'csv')
            and not {{ is_among(column.name, json_names('state')) }}) as keeps_{{ column.name }},
        {%- endfor %}
        case
            when not is_change then case when is_snapshot then 1 else 2 end
            when change_op = 'r' or is_of_snapshot then 1
            else 3
        end as rank
    from column_digits

),

own_times as (

    select
        *,
        case
            when is_change then source_micros
            when is_snapshot then taken_micros
            else coalesce(updated_micros, taken_micros)
        end as own_micros
    from times

),

judged as (

    select
        *,
        case
            when raw_form = 'head_base64' then 'record_too_long'
            when raw_form = 'base64' then 'not_utf8'
            when not is_json then 'not_json'
            when not is_object then case when record_format = 'csv' then 'bad_csv_row' else 'not_an_object' end
            when is_change and (change_op is null or change_op not in ('c', 'u', 'r', 'd')) then 'unsupported_op'
            when state is null then 'bad_envelope'
            when entity_key is null then 'missing_key'
            when is_change and source_micros is null then 'bad_change_time'
            when not is_change and is_updated_at_sent and updated_micros is null then 'bad_change_time'
            when {{ date_of_micros('own_micros') }} > {{ add_days('_source_dt', 1) }} then 'changed_in_future'
            when own_micros < 0 then 'changed_too_early'
            when is_delete then null
            {%- for table, column in required %}
            when entity_table = '{{ table }}' and not (coalesce(has_{{ column.name }}, false) or keeps_{{ column.name }})
                then 'bad_required_field'
            {%- endfor %}
        end as reason
    from own_times

)

select
    _source_dt,
    _source_file,
    _source_line,
    _source_sha256,
    entity_table,
    source,
    record_format,
    {{ timestamp_of_micros('taken_micros') }} as taken_at,
    is_snapshot,
    reason,
    form,
    is_delete,
    entity_key,
    cast(rank as bigint) as rank,
    {{ timestamp_of_micros('source_micros') }} as source_ts,
    {{ timestamp_of_micros('own_micros') }} as own_time,
    case
        when rank = 1 and not is_delete and updated_micros <= own_micros
            then {{ timestamp_of_micros('updated_micros') }}
    end as claimed_at,
    case when is_change then coalesce(name_text, '') else '' end as stream,
    case
        when not is_change then null
        when lsn is not null then lsn
        when file_digits <> '' and log_position is not null then {{ try_cast_to('file_digits', 'bigint') }}
    end as position_1,
    case when is_change and lsn is null and file_digits <> '' then log_position end as position_2,
    case when is_change and lsn is null and file_digits <> '' and log_position is not null then log_row end
        as position_3,
    rank = 1 or (rank = 2 and updated_micros is null) as is_attested,
    is_wrapped,
    source_zone
from judged
