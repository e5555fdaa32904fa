{{ config(**replace_window_config('date', cluster_by=['reason'])) }}

select
    event_date as date,
    reason,
    count(*) as lines
from {{ ref('events_quarantine') }}
where {{ in_window('event_date') }}
group by event_date, reason
