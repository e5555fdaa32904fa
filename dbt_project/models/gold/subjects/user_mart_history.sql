{{ config(**whole_config(cluster_by=['unit_id'])) }}

with days as (

    select distinct
        active_days.unit_id,
        active_days.event_date,
        last_date.last_date
    from {{ ref('active_days') }} as active_days
    cross join {{ ref('last_date') }} as last_date
    where active_days.events > 0 and active_days.event_date <= last_date.last_date

),

-- A day counts from its date on, until it has left the window.
moves as (

    select
        unit_id,
        event_date as changed_on,
        1 as days
    from days
    union all
    select
        unit_id,
        {{ add_days('event_date', mart_days()) }} as changed_on,
        -1 as days
    from days
    where {{ add_days('event_date', mart_days()) }} <= last_date

),

changes as (

    select
        unit_id,
        changed_on,
        sum(days) as days
    from moves
    group by unit_id, changed_on

),

counted as (

    select
        unit_id,
        changed_on,
        sum(days) over (
            partition by unit_id order by changed_on rows between unbounded preceding and current row
        ) as active_days_28
    from changes

),

states as (

    select
        unit_id,
        changed_on,
        {{ tier_of('segment', 'active_days_28') }} as segment
    from counted

)

{{ history_of_state('states', 'unit_id', ['segment']) }}
