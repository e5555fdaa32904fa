{{ config(**replace_window_config('event_date')) }}

select
    events.event_date,
    stamp.experiment_id,
    stamp.variant,
    events.unit_id,
    cast(sum(case when events.event_name = 'impression' then 1 else 0 end) as bigint) as impressions,
    cast(sum(case when events.event_name = 'click' then 1 else 0 end) as bigint) as clicks,
    cast(sum(case when events.event_name = 'apply' then 1 else 0 end) as bigint) as applies
from {{ ref('events') }} as events
cross join {{ unnested('events.experiments', 'stamp') }}
where {{ in_window('events.event_date') }}
group by events.event_date, stamp.experiment_id, stamp.variant, events.unit_id
