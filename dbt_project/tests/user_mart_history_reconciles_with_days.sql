-- Two weeks before the last date, every unit that was active by then is in the segment of its dates by then.
{{ config(meta={'dagster': {'ref': {'name': 'user_mart_history'}}}) }}

with dates as (

    select {{ add_days('ends.last_date', -14) }} as as_of_date
    from {{ ref('last_date') }} as ends

),

counted as (

    select
        days.unit_id,
        count(
            distinct case
                when {{ add_days('days.event_date', mart_days()) }} > dates.as_of_date then days.event_date
            end
        ) as active_days
    from {{ ref('active_days') }} as days
    cross join dates
    where days.events > 0 and days.event_date <= dates.as_of_date
    group by days.unit_id

),

told as (

    select
        history.unit_id,
        history.segment
    from {{ ref('user_mart_history') }} as history
    cross join dates
    where
        history.valid_from <= dates.as_of_date
        and (history.valid_to > dates.as_of_date or history.valid_to is null)

)

select
    counted.unit_id,
    counted.active_days,
    told.unit_id as unit_id_of_history,
    told.segment
from counted
full outer join told on counted.unit_id = told.unit_id
where
    counted.unit_id is null
    or told.unit_id is null
    or told.segment <> {{ tier_of('segment', 'counted.active_days') }}
