-- A list of the window has no items on another date: a stale one stays where the first impression came late.
-- Dates that still wait to be built do not count: the same run gets to them.
{{ config(meta={'dagster': {'ref': {'name': 'result_list_items'}}}) }}
select
    min(event_date) as event_date,
    max(event_date) as last_date,
    search_id
from {{ ref('result_list_items') }}
where
    {{ list_reach('event_date') }}
    and (
        {{ in_window('event_date') }}
        or event_date not in (
            select queue.event_date
            from {{ source('bronze', 'rebuild_queue') }} as queue
            where queue.layer = 'gold'
        )
    )
    and search_id in (
        select items.search_id
        from {{ ref('result_list_items') }} as items
        where {{ in_window('items.event_date') }}
    )
group by search_id
having min(event_date) <> max(event_date)
