{{ config(**replace_window_config('event_date', cluster_by=['surface', 'rank_position'])) }}

with items as (

    select
        event_date,
        surface,
        least(rank_position, 21) as rank_position,
        case when clicked then 1 else 0 end as clicked,
        case when applied then 1 else 0 end as applied
    from {{ ref('result_list_items') }}
    where {{ in_window('event_date') }}

),

totals as (

    select
        event_date,
        {{ rolled_up('surface') }} as surface_group,
        rank_position,
        count(*) as shown,
        sum(clicked) as clicked,
        sum(applied) as applied
    from items
    group by
        grouping sets ( -- noqa: PRS
            (event_date, rank_position),
            (event_date, rank_position, surface)
        )

)

select
    event_date,
    surface_group as surface,
    cast(rank_position as bigint) as rank_position,
    case
        when rank_position = 1 then 'k01'
        when rank_position <= 3 then 'k03'
        when rank_position <= 5 then 'k05'
        when rank_position <= 10 then 'k10'
        when rank_position <= 20 then 'k20'
        else 'k_gt20'
    end as k_bucket,
    cast(shown as bigint) as shown,
    cast(clicked as bigint) as clicked,
    cast(applied as bigint) as applied,
    {{ rate('clicked', 'shown') }} as ctr,
    {{ rate('applied', 'shown') }} as apply_rate
from totals
