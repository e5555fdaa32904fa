{{ config(**whole_config(cluster_by=['segment'])) }}

with moves as (

    select
        valid_from as moved_on,
        segment,
        1 as entered,
        0 as has_left
    from {{ ref('user_mart_history') }}
    union all
    select
        valid_to as moved_on,
        segment,
        0 as entered,
        1 as has_left
    from {{ ref('user_mart_history') }}
    where valid_to is not null

),

moves_of_dates as (

    select
        moved_on,
        segment,
        sum(entered) as entered,
        sum(has_left) as has_left
    from moves
    group by moved_on, segment

),

bounds as (

    select
        segments.segment,
        segments.first_date,
        last_date.last_date
    from (
        select
            segment,
            min(valid_from) as first_date
        from {{ ref('user_mart_history') }}
        group by segment
    ) as segments
    cross join {{ ref('last_date') }} as last_date

),

dates as (

    select
        bounds.segment,
        calendar_date
    from bounds
    cross join {{ unnested(date_array('bounds.first_date', 'bounds.last_date'), 'calendar_date') }}

),

counted as (

    select
        dates.calendar_date,
        dates.segment,
        coalesce(moves_of_dates.entered, 0) as entered,
        coalesce(moves_of_dates.has_left, 0) as has_left,
        sum(coalesce(moves_of_dates.entered, 0) - coalesce(moves_of_dates.has_left, 0)) over (
            partition by dates.segment
            order by dates.calendar_date
            rows between unbounded preceding and current row
        ) as units
    from dates
    left join moves_of_dates
        on dates.calendar_date = moves_of_dates.moved_on and dates.segment = moves_of_dates.segment

)

select
    calendar_date as {{ adapter.quote('date') }},
    segment,
    cast(units as bigint) as units,
    cast(entered as bigint) as entered,
    cast(has_left as bigint) as {{ adapter.quote('left') }}
from counted
where units > 0 or has_left > 0
