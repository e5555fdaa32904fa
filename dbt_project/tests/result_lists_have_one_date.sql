-- A list of the window has no items on another date: a stale one stays where the first impression came late.
-- Dates that still wait to be built do not count: the same run gets to them. Columns are qualified, since in
-- HAVING an unqualified name is that of the result.
{{ config(meta={'dagster': {'ref': {'name': 'result_list_items'}}}) }}
select
    min(lists.event_date) as event_date,
    max(lists.event_date) as last_date,
    lists.search_id
from {{ ref('result_list_items') }} as lists
where
    {{ list_reach('lists.event_date') }}
    and (
        {{ in_window('lists.event_date') }}
        or lists.event_date not in (
            select queue.event_date
            from {{ source('bronze', 'rebuild_queue') }} as queue
            where queue.stage = 'gold'
        )
    )
group by lists.search_id
having
    min(lists.event_date) <> max(lists.event_date)
    and max(case when {{ in_window('lists.event_date') }} then 1 else 0 end) = 1
