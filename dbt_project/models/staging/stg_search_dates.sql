{{ config(**replace_window_config('_source_dt', cluster_by=['event_date', 'search_id'])) }}

select distinct
    _source_dt,
    event_date,
    search_id
from {{ ref('stg_events') }}
where
    {{ in_window('_source_dt') }}
    and reason is null
    and search_id is not null
    and event_name in ('impression', 'click', 'apply')
