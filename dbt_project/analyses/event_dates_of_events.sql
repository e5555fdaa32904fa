-- By day of files, the event dates of its lines; staging sends it, for the metadata of stg_events.
select distinct
    _source_dt,
    event_date as date_of_lines
from {{ ref('stg_events') }}
where {{ in_window('_source_dt') }} and reason is null
order by _source_dt, date_of_lines
