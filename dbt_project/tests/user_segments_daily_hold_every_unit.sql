-- On every date from the first on, the segments together have each unit that was active by then, once.
{{ config(meta={'dagster': {'ref': {'name': 'user_segments_daily'}}}) }}

with first_dates as (

    select
        unit_id,
        min(event_date) as first_date
    from {{ ref('active_days') }}
    where events > 0
    group by unit_id

),

bounds as (

    select
        min(first_dates.first_date) as first_date,
        max(last_date.last_date) as last_date
    from first_dates
    cross join {{ ref('last_date') }} as last_date
    where first_dates.first_date <= last_date.last_date

),

dates as (

    select calendar_date
    from bounds
    cross join {{ unnested(date_array('bounds.first_date', 'bounds.last_date'), 'calendar_date') }}

),

seen as (

    select
        first_date,
        count(*) as units
    from first_dates
    group by first_date

),

known as (

    select
        dates.calendar_date,
        sum(coalesce(seen.units, 0)) over (
            order by dates.calendar_date rows between unbounded preceding and current row
        ) as units
    from dates
    left join seen on dates.calendar_date = seen.first_date

),

segments as (

    select
        {{ adapter.quote('date') }} as calendar_date,
        sum(units) as units
    from {{ ref('user_segments_daily') }}
    group by {{ adapter.quote('date') }}

)

select
    coalesce(known.calendar_date, segments.calendar_date) as calendar_date,
    coalesce(known.units, 0) as units,
    coalesce(segments.units, 0) as units_in_segments
from known
full outer join segments on known.calendar_date = segments.calendar_date
where coalesce(known.units, 0) <> coalesce(segments.units, 0)
