{{ config(**replace_window_config('event_date', cluster_by=['reason', '_source_file'])) }}

select
    event_date,
    reason,
    _source_dt,
    _source_file,
    _source_sha256,
    _source_line,
    raw_line,
    raw_form
from {{ ref('stg_events') }} as stg_events
where reason is not null and {{ staged_in_window('stg_events') }}
