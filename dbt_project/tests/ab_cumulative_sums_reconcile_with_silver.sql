-- On the last date of the window, the sums of an experiment are those of its units by then, counted at once
-- and not day by day.
{{ config(meta={'dagster': {'ref': {'name': 'ab_cumulative_sums'}}}) }}
{%- set sums = [
    'units', 'sum_i', 'sum_c', 'sum_a', 'sum_u', 'sum_ii', 'sum_cc', 'sum_aa', 'sum_ic', 'sum_ca'
] %}

with last_dates as (

    select
        experiment_id,
        max(as_of_date) as as_of_date
    from {{ ref('ab_cumulative_sums') }}
    where {{ in_window('as_of_date') }}
    group by experiment_id

),

-- Units with one variant; the others count for none.
unit_totals as (

    select
        last_dates.as_of_date,
        last_dates.experiment_id,
        unit_days.unit_id,
        min(unit_days.variant) as variant,
        count(distinct unit_days.variant) as variants,
        sum(unit_days.impressions) as i,
        sum(unit_days.clicks) as c,
        sum(unit_days.applies) as a
    from {{ ref('ab_units_daily') }} as unit_days
    inner join last_dates on unit_days.experiment_id = last_dates.experiment_id
    where
        unit_days.event_date <= last_dates.as_of_date
        and {{ up_to_window('unit_days.event_date') }}
    group by last_dates.as_of_date, last_dates.experiment_id, unit_days.unit_id

),

silver as (

    select
        as_of_date,
        experiment_id,
        variant,
        count(*) as units,
        sum(i) as sum_i,
        sum(c) as sum_c,
        sum(a) as sum_a,
        sum(case when a > 0 then 1 else 0 end) as sum_u,
        sum(i * i) as sum_ii,
        sum(c * c) as sum_cc,
        sum(a * a) as sum_aa,
        sum(i * c) as sum_ic,
        sum(c * a) as sum_ca
    from unit_totals
    where variants = 1
    group by as_of_date, experiment_id, variant

),

experiments as (

    select
        experiment_id,
        count(*) as experiment_units
    from unit_totals
    group by experiment_id

),

gold as (

    select sums.*
    from {{ ref('ab_cumulative_sums') }} as sums
    inner join last_dates
        on
            sums.experiment_id = last_dates.experiment_id
            and sums.as_of_date = last_dates.as_of_date
    where {{ in_window('sums.as_of_date') }}

),

compared as (

    select
        coalesce(gold.as_of_date, silver.as_of_date) as as_of_date,
        coalesce(gold.experiment_id, silver.experiment_id) as experiment_id,
        coalesce(gold.variant, silver.variant) as variant,
        gold.experiment_units,
        {%- for column in sums %}
        coalesce(gold.{{ column }}, 0) as {{ column }},
        coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver{{ ',' if not loop.last }}
        {%- endfor %}
    from gold
    full outer join silver
        on
            gold.experiment_id = silver.experiment_id
            and gold.variant = silver.variant

)

select
    compared.*,
    experiments.experiment_units as experiment_units_in_silver
from compared
left join experiments on compared.experiment_id = experiments.experiment_id
where
    compared.experiment_units <> coalesce(experiments.experiment_units, 0)
    {%- for column in sums %}
    or compared.{{ column }} <> compared.{{ column }}_in_silver
    {%- endfor %}
