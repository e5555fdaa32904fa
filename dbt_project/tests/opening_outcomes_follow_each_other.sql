-- Of every opening of the product that ever was live, the dates of its outcomes follow each other without a
-- gap, from its first live moment on; the last of them is the one that still stands.
{{ config(meta={'dagster': {'ref': {'name': 'opening_outcomes'}}}) }}

with starts as (

    select
        openings.opening_id,
        min(versions.live_from) as started_at
    from {{ ref('live_versions') }} as versions
    inner join {{ ref('openings') }} as openings
        on versions.source = openings.source and versions.job_id = openings.job_id
    cross join {{ ref('last_date') }} as last_date
    where versions.source = 'product' and versions.live_from < last_date.closes_at
    group by openings.opening_id

),

spans as (

    select
        opening_id,
        started_at,
        as_of_from,
        as_of_to,
        lead(as_of_from) over (partition by opening_id order by as_of_from) as next_from,
        row_number() over (partition by opening_id order by as_of_from) as place
    from {{ ref('opening_outcomes') }}

)

select
    coalesce(starts.opening_id, spans.opening_id) as opening_id,
    starts.started_at as expected_started_at,
    spans.started_at,
    spans.as_of_from,
    spans.as_of_to,
    spans.next_from
from starts
full outer join spans on starts.opening_id = spans.opening_id
where
    starts.opening_id is null
    or spans.opening_id is null
    or spans.started_at <> starts.started_at
    or (spans.place = 1 and spans.as_of_from <> {{ date_of_timestamp('spans.started_at') }})
    or coalesce(spans.as_of_to <> spans.next_from, spans.as_of_to is not null or spans.next_from is not null)
