-- Results are of the sums of their date: every variant but the control has its own, with the same units.
with results as (

    select
        as_of_date,
        experiment_id,
        variant,
        max(units_control) as units_control,
        max(units_treatment) as units,
        max(multiple_variant_units) as multiple_variant_units
    from {{ source('statistics', 'ab_results') }}
    where {{ in_window('as_of_date') }}
    group by as_of_date, experiment_id, variant

),

sums as (

    select
        as_of_date,
        experiment_id,
        variant,
        units,
        multiple_variant_units
    from {{ ref('ab_cumulative_sums') }}
    where {{ in_window('as_of_date') }}

),

compared as (

    select
        coalesce(sums.as_of_date, results.as_of_date) as as_of_date,
        coalesce(sums.experiment_id, results.experiment_id) as experiment_id,
        case when sums.variant is null then 1 else 0 end as is_unknown,
        case when results.variant is null then 1 else 0 end as is_left_out,
        case when results.variant is null then sums.units else 0 end as units_left_out,
        results.units_control,
        case
            when sums.units <> results.units then 1
            when sums.multiple_variant_units <> results.multiple_variant_units then 1
            else 0
        end as has_other_units
    from sums
    full outer join results
        on
            sums.as_of_date = results.as_of_date
            and sums.experiment_id = results.experiment_id
            and sums.variant = results.variant

)

-- Qualified, since in HAVING an unqualified name is that of the result.
select
    compared.as_of_date,
    compared.experiment_id,
    sum(compared.is_unknown) as variants_without_sums,
    sum(compared.is_left_out) as variants_without_results,
    sum(compared.has_other_units) as variants_with_other_units,
    sum(compared.units_left_out) as units_without_results,
    max(compared.units_control) as units_control
from compared
group by compared.as_of_date, compared.experiment_id
having
    sum(compared.is_unknown) > 0
    or sum(compared.is_left_out) > 1
    or sum(compared.has_other_units) > 0
    or sum(compared.units_left_out) <> max(compared.units_control)
