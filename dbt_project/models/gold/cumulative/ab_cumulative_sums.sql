{{ config(**replace_window_config('as_of_date', cluster_by=['experiment_id', 'variant'])) }}
{%- set sums = [
    'units', 'sum_i', 'sum_c', 'sum_a', 'sum_u', 'sum_ii', 'sum_cc', 'sum_aa', 'sum_ic', 'sum_ca'
] %}

with experiments as (

    select
        experiment_id,
        min(event_date) as first_date,
        max(event_date) as last_date
    from {{ ref('ab_units_daily') }}
    where event_date >= date '{{ partitions_start() }}' and event_date <= date '{{ partitions_end() }}'
    group by experiment_id

),

as_of_dates as (

    select
        experiments.experiment_id,
        as_of_date
    from experiments
    cross join {{ unnested(date_array('experiments.first_date', 'experiments.last_date'), 'as_of_date') }}

),

unit_days as (

    select
        event_date,
        experiment_id,
        variant,
        unit_id,
        impressions,
        clicks,
        applies
    from {{ ref('ab_units_daily') }}
    where
        {{ up_to_window('event_date') }}
        and experiment_id in (
            select as_of_dates.experiment_id
            from as_of_dates
            where {{ in_window('as_of_dates.as_of_date') }}
        )

),

variants as (

    select
        experiment_id,
        variant,
        min(event_date) as seen_on
    from unit_days
    group by experiment_id, variant

),

variants_of_units as (

    select
        experiment_id,
        unit_id,
        variant,
        min(event_date) as seen_on
    from unit_days
    group by experiment_id, unit_id, variant

),

numbered_variants as (

    select
        *,
        row_number() over (partition by experiment_id, unit_id order by seen_on, variant) as variant_number
    from variants_of_units

),

-- A unit counts for its first variant until the day on which it shows a second one.
units as (

    select
        experiment_id,
        unit_id,
        max(case when variant_number = 1 then variant end) as variant,
        min(seen_on) as entered_on,
        max(case when variant_number = 2 then seen_on end) as left_on
    from numbered_variants
    where variant_number <= 2
    group by experiment_id, unit_id

),

counted_days as (

    select
        unit_days.*,
        units.left_on,
        case when unit_days.event_date = units.entered_on then 1 else 0 end as enters
    from unit_days
    inner join units
        on
            unit_days.experiment_id = units.experiment_id
            and unit_days.unit_id = units.unit_id
            and unit_days.variant = units.variant
    where units.left_on is null or unit_days.event_date < units.left_on

),

totals_by_day as (

    select
        *,
        sum(impressions) over unit_history as i,
        sum(clicks) over unit_history as c,
        sum(applies) over unit_history as a,
        sum(impressions) over unit_history - impressions as i_before,
        sum(clicks) over unit_history - clicks as c_before,
        sum(applies) over unit_history - applies as a_before
    from counted_days
    window unit_history as (
        partition by experiment_id, unit_id
        order by event_date
        rows between unbounded preceding and current row
    )

),

totals_at_leaving as (

    select
        experiment_id,
        variant,
        unit_id,
        left_on,
        sum(impressions) as i,
        sum(clicks) as c,
        sum(applies) as a
    from counted_days
    where left_on is not null
    group by experiment_id, variant, unit_id, left_on

),

-- By how much a unit changes the sums of its variant on a date; added up over dates they give the sums.
changes as (

    select
        experiment_id,
        variant,
        event_date,
        enters as units,
        impressions as sum_i,
        clicks as sum_c,
        applies as sum_a,
        case when a > 0 and a_before = 0 then 1 else 0 end as sum_u,
        i * i - i_before * i_before as sum_ii,
        c * c - c_before * c_before as sum_cc,
        a * a - a_before * a_before as sum_aa,
        i * c - i_before * c_before as sum_ic,
        c * a - c_before * a_before as sum_ca
    from totals_by_day
    union all
    select
        experiment_id,
        variant,
        left_on as event_date,
        -1 as units,
        -i as sum_i,
        -c as sum_c,
        -a as sum_a,
        case when a > 0 then -1 else 0 end as sum_u,
        -i * i as sum_ii,
        -c * c as sum_cc,
        -a * a as sum_aa,
        -i * c as sum_ic,
        -c * a as sum_ca
    from totals_at_leaving

),

variant_changes as (

    select
        experiment_id,
        variant,
        event_date,
        {%- for column in sums %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from changes
    group by experiment_id, variant, event_date

),

variant_sums as (

    select
        as_of_dates.as_of_date,
        variants.experiment_id,
        variants.variant,
        {%- for column in sums %}
        sum(coalesce(variant_changes.{{ column }}, 0)) over variant_history
            as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from variants
    inner join as_of_dates
        on
            variants.experiment_id = as_of_dates.experiment_id
            and variants.seen_on <= as_of_dates.as_of_date
    left join variant_changes
        on
            variants.experiment_id = variant_changes.experiment_id
            and variants.variant = variant_changes.variant
            and as_of_dates.as_of_date = variant_changes.event_date
    where {{ up_to_window('as_of_dates.as_of_date') }}
    window variant_history as (
        partition by variants.experiment_id, variants.variant
        order by as_of_dates.as_of_date
        rows between unbounded preceding and current row
    )

),

experiment_changes as (

    select
        experiment_id,
        entered_on as event_date,
        1 as entered,
        0 as mixed
    from units
    union all
    select
        experiment_id,
        left_on as event_date,
        0 as entered,
        1 as mixed
    from units
    where left_on is not null

),

experiment_days as (

    select
        experiment_id,
        event_date,
        sum(entered) as entered,
        sum(mixed) as mixed
    from experiment_changes
    group by experiment_id, event_date

),

experiment_sums as (

    select
        as_of_dates.experiment_id,
        as_of_dates.as_of_date,
        sum(coalesce(experiment_days.entered, 0)) over experiment_history as experiment_units,
        sum(coalesce(experiment_days.mixed, 0)) over experiment_history as multiple_variant_units
    from as_of_dates
    left join experiment_days
        on
            as_of_dates.experiment_id = experiment_days.experiment_id
            and as_of_dates.as_of_date = experiment_days.event_date
    where {{ up_to_window('as_of_dates.as_of_date') }}
    window experiment_history as (
        partition by as_of_dates.experiment_id
        order by as_of_dates.as_of_date
        rows between unbounded preceding and current row
    )

)

select
    variant_sums.as_of_date,
    variant_sums.experiment_id,
    variant_sums.variant,
    {%- for column in sums %}
    cast(variant_sums.{{ column }} as bigint) as {{ column }},
    {%- endfor %}
    cast(experiment_sums.experiment_units as bigint) as experiment_units,
    cast(experiment_sums.multiple_variant_units as bigint) as multiple_variant_units
from variant_sums
inner join experiment_sums
    on
        variant_sums.experiment_id = experiment_sums.experiment_id
        and variant_sums.as_of_date = experiment_sums.as_of_date
where {{ in_window('variant_sums.as_of_date') }}
