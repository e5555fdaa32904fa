{{ config(**replace_window_config(
    '_source_dt', cluster_by=['entity_table', 'source', 'entity_key'], files_of='entities'
)) }}
{%- set required = [] -%}
{%- set keys = [] -%}
{%- for table in entity_tables() -%}
    {%- do keys.append((table, entity_key_column(table))) -%}
    {%- for column in entity_columns(table) if column.required and column.role != 'key' -%}
        {%- do required.append((table, column)) -%}
    {%- endfor -%}
{%- endfor %}
{%- set required_columns = required | map(attribute=1) | list | unique(attribute='name') | list %}
{%- set with_integer_keys = keys | selectattr('1.kind', 'equalto', 'integer_id') | map(attribute=0) | list %}
{%- set names = (keys | map(attribute='1.name') | list + required_columns | map(attribute='name') | list
    + ['updated_at']) | unique | list %}
{%- set log_names = ['ts_us', 'ts_ms', 'name', 'lsn', 'file', 'pos', 'row', 'snapshot'] %}
{%- set flat_names = ['__op', '__deleted', '__source_ts_us', '__source_ts_ms', '__lsn', '__name'] %}
{%- set plain = {'is_list': false, 'words': [], 'least': none, 'most': none} %}
{%- set of_log = [
    dict(plain, name='sent_op', kind='text'), dict(plain, name='deleted_mark', kind='text'),
    dict(plain, name='source_time', kind='timestamp'), dict(plain, name='log_name', kind='text'),
    dict(plain, name='lsn', kind='integer'), dict(plain, name='log_file', kind='text'),
    dict(plain, name='log_position', kind='integer'), dict(plain, name='log_row', kind='integer'),
    dict(plain, name='snapshot_mark', kind='text'),
] %}
{%- set of_record = required_columns + [
    dict(plain, name='updated_at', kind='timestamp'), dict(plain, name='text_key', kind='id'),
    dict(plain, name='integer_key', kind='integer_id'),
] %}

with lines as (

    select
        raw.*,
        coalesce(own.time_zone, others.time_zone) as source_time_zone,
        coalesce(own.default_currency, others.default_currency) as default_currency,
        raw.record_format in ('csv', 'xml') as is_cell,
        {{ looks_odd('raw.raw_line') }} as looks_odd
    from {{ source('bronze', 'entities_raw') }} as raw
    left join {{ source('bronze', 'entity_sources') }} as own on raw.source = own.source
    inner join {{ source('bronze', 'entity_sources') }} as others on others.source = ''
    where
        {{ in_window('raw._source_dt') }}
        and {{ is_committed('entities') }}
        and {{ is_to_be_staged('entities') }}

),

objects as (

    select
        *,
        may_be_json and case when looks_odd then not {{ holds_constant('raw_line') }} else true end as is_json,
        may_be_json and {{ matches('raw_line', '^\\s*[{]') }} as is_object
    from (
        select
            *,
            raw_form = 'text' and {{ is_json('raw_line', 'looks_odd') }} as may_be_json
        from lines
    ) as texts

),

marked as (

    select
        *,
        case when is_json and is_object then {{ marked_record('raw_line', 'is_marked') }} end as marked_line
    from (
        select
            *,
            case
                when looks_odd and is_json and is_object and not is_cell then {{ may_lose_digits('raw_line') }}
                else false
            end as is_marked
        from objects
    ) as judged_objects

),

lines_with_names as (

    select
        *,
        {{ json_names('marked_line') }} as outer_names
    from marked

),

-- Connectors may send each record with its schema.
wrapping as (

    select
        *,
        case
            when {{ is_among('schema', 'outer_names') }} and {{ is_among('payload', 'outer_names') }}
                then {{ json_member(json_document('marked_line', ['payload']), 'payload') }}
        end as payload
    from lines_with_names

),

records as (

    select
        *,
        case when is_wrapped then payload else marked_line end as record_text,
        case when is_wrapped then {{ json_names('payload') }} else outer_names end as names
    from (
        select
            *,
            coalesce(substr(payload, 1, 1) = '{', false) as is_wrapped
        from wrapping
    ) as wrapped

),

forms as (

    select
        *,
        case
            when record_text is null then null
            when
                {{ is_among('op', 'names') }}
                and ({{ is_among('before', 'names') }} or {{ is_among('after', 'names') }})
                then 'envelope'
            when {{ is_among('__op', 'names') }} or {{ is_among('__deleted', 'names') }} then 'flattened'
            else 'row'
        end as form
    from records

),

documents as (

    select
        *,
        form <> 'row' as is_change,
        {{ json_document(
            "case when form = 'envelope' then record_text end", ['op', 'before', 'after', 'source']
        ) }} as envelope,
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

log_members as (

    select
        *,
        coalesce(
            {{ json_member('envelope', 'op') }},
            {{ json_member('flattened', '__op') }}
        ) as sent_op_member,
        {{ json_member('envelope', 'before') }} as before_member,
        {{ json_member('envelope', 'after') }} as after_member,
        {{ json_member('flattened', '__deleted') }} as deleted_mark_member,
        coalesce(
            {{ json_member('log', 'ts_us') }},
            {{ json_member('flattened', '__source_ts_us') }}
        ) as us_member,
        coalesce(
            {{ json_member('log', 'ts_ms') }},
            {{ json_member('flattened', '__source_ts_ms') }}
        ) as ms_member,
        coalesce(
            {{ json_member('log', 'name') }},
            {{ json_member('flattened', '__name') }}
        ) as log_name_member,
        coalesce(
            {{ json_member('log', 'lsn') }},
            {{ json_member('flattened', '__lsn') }}
        ) as lsn_member,
        {{ json_member('log', 'file') }} as log_file_member,
        {{ json_member('log', 'pos') }} as log_position_member,
        {{ json_member('log', 'row') }} as log_row_member,
        {{ json_member('log', 'snapshot') }} as snapshot_mark_member
    from logs

),

timed as (

    select
        *,
        case
            when us_member is null or us_member = '""' or ({{ member_is_text('us_member') }} and is_cell
                and {{ member_trimmed_text('us_member') }} is null)
                then ms_member
            else us_member
        end as source_time_member
    from log_members

),

logged as (

    {{ typed_members('timed', of_log) }}

),

operations as (

    select
        *,
        case
            when form = 'row' then null
            when form = 'flattened' and not coalesce(sent_op_is_invalid, false) and sent_op is null then 'u'
            else sent_op
        end as told_op,
        coalesce(deleted_mark_member = 'true' or lower(deleted_mark) = 'true', false) as is_marked_deleted,
        case
            when snapshot_mark_member is null or snapshot_mark_member = 'false' then false
            when {{ matches(member_digits('snapshot_mark_member'), '^-?0+([.]0+)?$') }} then false
            when {{ member_is_text('snapshot_mark_member') }} then coalesce(snapshot_mark <> 'false', false)
            else true
        end as is_of_snapshot,
        {{ replace_all('log_file', '[^0-9]', "''") }} as file_digits
    from logged

),

states as (

    select
        *,
        case when is_marked_deleted and told_op in ('c', 'u', 'r') then 'd' else told_op end as change_op,
        case
            when form <> 'envelope' then record_text
            when told_op = 'd' and substr(before_member, 1, 1) = '{' then before_member
            when told_op <> 'd' and substr(after_member, 1, 1) = '{' then after_member
        end as state
    from operations

),

columns_of_states as (

    select
        *,
        {{ json_document('state', names) }} as columns
    from states

),

column_members as (

    select
        *,
        {%- for column in required_columns %}
        {{ json_member('columns', column.name) }} as {{ column.name }}_member,
        {%- endfor %}
        {{ json_member('columns', 'updated_at') }} as updated_at_member,
        case entity_table
            {%- for table, key in keys if table not in with_integer_keys %}
            when '{{ table }}' then {{ json_member('columns', key.name) }}
            {%- endfor %}
        end as text_key_member,
        case entity_table
            {%- for table in with_integer_keys %}
            when '{{ table }}' then {{ json_member('columns', entity_key_column(table).name) }}
            {%- endfor %}
        end as integer_key_member
    from columns_of_states

),

-- Whether a column was sent at all is asked of those alone that have no value and need one.
named_members as (

    select
        *,
        case
            when
                false
                {%- for table, column in required %}
                or (entity_table = '{{ table }}' and {{ column.name }}_member is null)
                {%- endfor %}
                then {{ json_names('state') }}
        end as sent_names
    from column_members

),

typed as (

    {{ typed_members('named_members', of_record) }}

),

times as (

    select
        *,
        coalesce(text_key, cast(integer_key as {{ type_string() }})) as entity_key,
        case when is_change then {{ micros_of_timestamp('source_time') }} end as source_micros,
        {{ micros_of_timestamp('updated_at') }} as updated_micros,
        {{ micros_of_timestamp('taken_at') }} as taken_micros,
        coalesce(change_op = 'd', false) as is_delete,
        {%- for column in required_columns %}
        {{ column.name }}_is_unavailable
        or ({{ column.name }}_member is null and (is_change or record_format = 'csv')
            and not {{ is_among(column.name, 'sent_names') }}) as keeps_{{ column.name }},
        {%- endfor %}
        case
            when not is_change then case when is_snapshot then 1 else 2 end
            when change_op = 'r' or is_of_snapshot then 1
            else 3
        end as rank
    from typed

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
            when not is_object
                then case when record_format = 'csv' then 'bad_csv_row' else 'not_an_object' end
            when is_change and (change_op is null or change_op not in ('c', 'u', 'r', 'd'))
                then 'unsupported_op'
            when state is null then 'bad_envelope'
            when entity_key is null then 'missing_key'
            when is_change and source_micros is null then 'bad_change_time'
            when not is_change and updated_at_is_invalid then 'bad_change_time'
            when {{ date_of_micros('own_micros') }} > {{ add_days('_source_dt', 1) }} then 'changed_in_future'
            when own_micros < 0 then 'changed_too_early'
            when is_delete then null
            {%- for table, column in required %}
            when entity_table = '{{ table }}' and {{ column.name }} is null and not keeps_{{ column.name }}
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
    case when is_change then coalesce(log_name, '') else '' end as stream,
    case
        when not is_change then null
        when lsn is not null then lsn
        when file_digits <> '' and log_position is not null then {{ try_cast_to('file_digits', 'bigint') }}
    end as position_1,
    case when is_change and lsn is null and file_digits <> '' then log_position end as position_2,
    case
        when is_change and lsn is null and file_digits <> '' and log_position is not null
            then coalesce(log_row, 0)
    end as position_3,
    rank = 1 or (rank = 2 and updated_micros is null) as is_attested,
    coalesce(is_marked, false) as is_marked,
    is_wrapped,
    source_time_zone as source_zone,
    default_currency
from judged
