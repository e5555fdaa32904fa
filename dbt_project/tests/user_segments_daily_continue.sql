-- Units of a segment are those of the date before, more those that entered, less those that left; on the last
-- date they are those of user_mart.
{{ config(meta={'dagster': {'ref': {'name': 'user_segments_daily'}}}) }}
{%- set day = adapter.quote('date') %}

with steps as (

    select
        {{ day }} as calendar_date,
        segment,
        units,
        entered - {{ adapter.quote('left') }} as more,
        0 as units_before
    from {{ ref('user_segments_daily') }}
    union all
    select
        {{ add_days('segments.' ~ day, 1) }} as calendar_date,
        segments.segment,
        0 as units,
        0 as more,
        segments.units as units_before
    from {{ ref('user_segments_daily') }} as segments
    cross join {{ ref('last_date') }} as last_date
    where segments.{{ day }} < last_date.last_date
    union all
    select
        {{ add_days('last_date.last_date', 1) }} as calendar_date,
        segments.segment,
        0 as units,
        0 as more,
        segments.units as units_before
    from {{ ref('user_segments_daily') }} as segments
    inner join {{ ref('last_date') }} as last_date on segments.{{ day }} = last_date.last_date
    union all
    select
        {{ add_days('last_date.last_date', 1) }} as calendar_date,
        marts.segment,
        1 as units,
        0 as more,
        0 as units_before
    from {{ ref('user_mart') }} as marts
    cross join {{ ref('last_date') }} as last_date

)

select
    calendar_date,
    segment,
    sum(units_before) as were_there,
    sum(more) as came_more,
    sum(units) as are_there
from steps
group by calendar_date, segment
having sum(units) <> sum(units_before) + sum(more)
