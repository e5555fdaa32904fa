-- The curve has the openings that time_to_fill has: as many filled and closed ones, the same shares after 90
-- days, and where nobody waits any longer, the shares of its last day are those of a plain count.
{{ config(meta={'dagster': {'ref': {'name': 'time_to_fill_curve'}}}) }}
{%- set day = adapter.quote('day') %}

with curves as (

    select
        as_of_date,
        category,
        sum(filled) as filled,
        sum(closed) as closed,
        max(filled_share) as filled_share,
        max(closed_share) as closed_share,
        max(case when {{ day }} <= 90 then filled_share else 0 end) as filled_share_90,
        max(case when {{ day }} <= 90 then closed_share else 0 end) as closed_share_90
    from {{ ref('time_to_fill_curve') }}
    group by as_of_date, category

)

select
    coalesce(shares.as_of_date, curves.as_of_date) as as_of_date,
    coalesce(shares.category, curves.category) as category,
    shares.filled,
    shares.closed_unfilled,
    shares.still_open,
    curves.filled as filled_of_curve,
    curves.closed as closed_of_curve,
    curves.filled_share,
    curves.closed_share
from {{ ref('time_to_fill') }} as shares
full outer join curves
    on shares.as_of_date = curves.as_of_date and shares.category = curves.category
where
    shares.as_of_date is null
    or shares.filled <> coalesce(curves.filled, 0)
    or shares.closed_unfilled <> coalesce(curves.closed, 0)
    or abs(shares.filled_share_90 - curves.filled_share_90) > 1e-9
    or abs(shares.closed_share_90 - curves.closed_share_90) > 1e-9
    or (
        shares.still_open = 0
        and (
            abs(curves.filled_share * shares.openings - shares.filled) > 1e-6
            or abs(curves.closed_share * shares.openings - shares.closed_unfilled) > 1e-6
        )
    )
