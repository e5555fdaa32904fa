{{ config(**whole_config(cluster_by=['week_start', 'stage'])) }}
{%- set in_order = 'partition by application_id order by observed_at, place' %}

with observations as (

    select
        history.application_id,
        history.status,
        history.{{ adapter.quote('at') }} as observed_at,
        history.precision = 'by' as is_bound,
        -- Of one time, what decides the status comes last.
        -{{ rank_of_observation(rank_of_origin('history.origin'), 'history.status') }} as place
    from {{ ref('application_status_history') }} as history
    cross join {{ ref('last_date') }} as last_date
    where history.{{ adapter.quote('at') }} < last_date.closes_at

),

compared as (

    select
        *,
        lag(status) over ({{ in_order }}) as status_before
    from observations

),

-- What is seen again while it lasts is no change.
changes as (

    select
        application_id,
        status,
        observed_at as entered_at,
        is_bound as is_entered_by,
        row_number() over (partition by application_id, status order by observed_at, place) as times_entered,
        lead(observed_at) over ({{ in_order }}) as left_at,
        lead(is_bound) over ({{ in_order }}) as is_left_by
    from compared
    where status is distinct from status_before

),

stays as (

    select
        changes.status as stage,
        {{ first_date_of('week', date_of_timestamp('changes.entered_at')) }} as week_start,
        {{ whole_hours('changes.entered_at', 'coalesce(changes.left_at, last_date.closes_at)') }}
            as stayed_hours,
        case when changes.left_at is not null then 'left' end as outcome,
        {{ within_days(7, 'changes.entered_at', 'changes.left_at') }} as is_left_in_7d,
        changes.is_entered_by or coalesce(changes.is_left_by, false) as is_approximate
    from changes
    cross join {{ ref('last_date') }} as last_date
    where changes.times_entered = 1 and changes.status in ({{ quoted_list(stages_of_hiring()[:-1]) }})

),

curves as (

    {{ survival_table('stays', ['week_start', 'stage'], 'stayed_hours', 'outcome', ['left']) }}

),

medians as (

    select
        week_start,
        stage,
        {{ median_of_survival('stayed_hours') }} as median_hours
    from curves
    group by week_start, stage

),

counted as (

    select
        week_start,
        stage,
        count(*) as entered,
        count(outcome) as has_left,
        {{ count_where('is_left_in_7d') }} as left_7d,
        {{ count_where('is_approximate') }} as approximate
    from stays
    group by week_start, stage

)

select
    counted.week_start,
    counted.stage,
    counted.entered,
    counted.has_left as {{ adapter.quote('left') }},
    counted.entered - counted.has_left as still_in,
    medians.median_hours,
    case
        when {{ add_days('counted.week_start', 13) }} <= last_date.last_date
            then {{ rate('counted.left_7d', 'counted.entered') }}
    end as left_7d_rate,
    counted.approximate
from counted
cross join {{ ref('last_date') }} as last_date
left join medians on counted.week_start = medians.week_start and counted.stage = medians.stage
where {{ add_days('counted.week_start', 6) }} >= date '{{ partitions_start() }}'
