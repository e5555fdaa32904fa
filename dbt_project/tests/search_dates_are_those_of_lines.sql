-- Every date of a list can be found: the table has the search_ids of the staged lines, and no others.
{{ config(meta={'dagster': {'ref': {'name': 'stg_search_dates'}}}) }}

with staged as (

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

),

found as (

    select
        _source_dt,
        event_date,
        search_id
    from {{ ref('stg_search_dates') }}
    where {{ in_window('_source_dt') }}

)

select
    coalesce(staged._source_dt, found._source_dt) as _source_dt,
    coalesce(staged.event_date, found.event_date) as event_date,
    coalesce(staged.search_id, found.search_id) as search_id,
    case when found.search_id is null then 'missing' else 'not in a line' end as problem
from staged
full outer join found
    on
        staged._source_dt = found._source_dt
        and staged.event_date = found.event_date
        and staged.search_id = found.search_id
where staged.search_id is null or found.search_id is null
