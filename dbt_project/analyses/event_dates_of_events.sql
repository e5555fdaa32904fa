-- The event dates of the window's files, before their lines are judged: by file day, each date that a
-- readable event_ts falls on. Loading sends it, for the metadata of bronze.
with objects as (

    select
        _source_dt,
        raw_line
    from {{ source('bronze', 'events_raw') }}
    where
        {{ in_window('_source_dt') }}
        and {{ is_committed('events') }}
        and raw_form = 'text'
        and {{ matches('raw_line', '^\\s*[{]') }}

),

members as (

    select
        _source_dt,
        {{ json_member(
            json_document('case when ' ~ is_json('raw_line') ~ ' then raw_line end', ['event_ts']), 'event_ts'
        ) }} as event_ts_member
    from objects

),

instants as (

    select
        _source_dt,
        coalesce({{ micros_of_rfc3339('event_ts_text') }}, {{ micros_of_epoch('event_ts_digits') }})
            as event_micros
    from (
        select
            _source_dt,
            {{ json_text('event_ts_member') }} as event_ts_text,
            {{ json_digits('event_ts_member') }} as event_ts_digits
        from members
    ) as texts

),

dates as (

    select
        _source_dt,
        {{ date_of_micros(in_calendar('event_micros')) }} as date_of_lines
    from instants

)

select distinct
    _source_dt,
    date_of_lines
from dates
where date_of_lines is not null
order by _source_dt, date_of_lines
