{{ config(**whole_config(cluster_by=['as_of_date'])) }}

with observed as (

    {{ observed_openings() }}

),

counted as (

    select
        as_of_date,
        category,
        days,
        outcome,
        openings
    from observed
    where not is_evergreen
    union all
    select
        as_of_date,
        '__all__' as category,
        days,
        outcome,
        openings
    from observed
    where not is_evergreen

),

curve as (

    {{ survival_table(
        'counted', ['as_of_date', 'category'], 'days', 'outcome', ['filled', 'closed'], counted='openings'
    ) }}

)

select
    as_of_date,
    category,
    days as {{ adapter.quote('day') }},
    cast(at_risk as bigint) as at_risk,
    cast(ended_by_filled as bigint) as filled,
    cast(ended_by_closed as bigint) as closed,
    share_of_filled as filled_share,
    share_of_closed as closed_share
from curve
