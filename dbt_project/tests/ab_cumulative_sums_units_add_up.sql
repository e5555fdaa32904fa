-- A unit of an experiment counts for one variant, or among those with several. Columns are qualified, since
-- in HAVING an unqualified name is that of the result.
select
    sums.as_of_date,
    sums.experiment_id,
    sum(sums.units) as units_of_variants,
    max(sums.multiple_variant_units) as multiple_variant_units,
    max(sums.experiment_units) as experiment_units
from {{ ref('ab_cumulative_sums') }} as sums
where {{ in_window('sums.as_of_date') }}
group by sums.as_of_date, sums.experiment_id
having
    sum(sums.units) + max(sums.multiple_variant_units) <> max(sums.experiment_units)
    or min(sums.multiple_variant_units) <> max(sums.multiple_variant_units)
    or min(sums.experiment_units) <> max(sums.experiment_units)
