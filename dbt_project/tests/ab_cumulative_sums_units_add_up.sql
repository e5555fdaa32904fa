-- A unit of an experiment counts for one variant, or among those with several.
select
    as_of_date,
    experiment_id,
    sum(units) as units_of_variants,
    max(multiple_variant_units) as multiple_variant_units,
    max(experiment_units) as experiment_units
from {{ ref('ab_cumulative_sums') }}
where {{ in_window('as_of_date') }}
group by as_of_date, experiment_id
having
    sum(units) + max(multiple_variant_units) <> max(experiment_units)
    or min(multiple_variant_units) <> max(multiple_variant_units)
    or min(experiment_units) <> max(experiment_units)
