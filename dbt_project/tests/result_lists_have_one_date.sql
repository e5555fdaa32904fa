-- A list of the window has no items on another date: a stale one is left where its first impression came late.
select
    search_id,
    min(event_date) as first_date,
    max(event_date) as last_date
from {{ ref('result_list_items') }}
where
    {{ list_reach('event_date') }}
    and search_id in (
        select items.search_id
        from {{ ref('result_list_items') }} as items
        where {{ in_window('items.event_date') }}
    )
group by search_id
having min(event_date) <> max(event_date)
