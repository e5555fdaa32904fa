-- On the last date, the openings of all categories are those of the product that first went live on one of
-- the 180 dates up to it, whatever became of them.
{{ config(meta={'dagster': {'ref': {'name': 'time_to_fill'}}}) }}

with starts as (

    select
        periods.opening_id,
        min(periods.begins_at) as started_at
    from {{ ref('posting_periods') }} as periods
    where periods.source = 'product'
    group by periods.opening_id

),

expected as (

    select count(*) as openings
    from starts
    cross join {{ ref('last_date') }} as last_date
    where starts.started_at >= {{ start_of_date(add_days('last_date.last_date', 1 - days_observed())) }}

),

told as (

    select
        coalesce(sum(shares.openings), 0) as openings,
        coalesce(sum(shares.evergreen), 0) as evergreen
    from {{ ref('time_to_fill') }} as shares
    inner join {{ ref('last_date') }} as last_date on shares.as_of_date = last_date.last_date
    where shares.category = '__all__'

)

select
    expected.openings as expected_openings,
    told.openings,
    told.evergreen
from expected
cross join told
where expected.openings <> told.openings + told.evergreen
