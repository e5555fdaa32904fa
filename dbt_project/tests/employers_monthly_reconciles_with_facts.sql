-- In every month, applications and placed ones are those of the facts, and openings those that first went
-- live in it.
{{ config(meta={'dagster': {'ref': {'name': 'employers_monthly'}}}) }}

with starts as (

    select
        periods.opening_id,
        min(periods.begins_at) as started_at
    from {{ ref('posting_periods') }} as periods
    where periods.source = 'product'
    group by periods.opening_id

),

happened as (

    select
        facts.applied_date as happened_on,
        1 as applications,
        0 as placed,
        0 as openings_posted
    from {{ ref('fact_application') }} as facts
    union all
    select
        {{ date_of_timestamp('facts.placed_at') }} as happened_on,
        0 as applications,
        1 as placed,
        0 as openings_posted
    from {{ ref('fact_application') }} as facts
    where facts.placed_at is not null
    union all
    select
        {{ date_of_timestamp('starts.started_at') }} as happened_on,
        0 as applications,
        0 as placed,
        1 as openings_posted
    from starts

),

expected as (

    select
        {{ first_date_of('month', 'happened.happened_on') }} as month_start,
        sum(happened.applications) as applications,
        sum(happened.placed) as placed,
        sum(happened.openings_posted) as openings_posted
    from happened
    cross join {{ ref('last_date') }} as last_date
    where
        happened.happened_on <= last_date.last_date
        and happened.happened_on >= {{ first_date_of('month', "date '" ~ partitions_start() ~ "'") }}
    group by {{ first_date_of('month', 'happened.happened_on') }}

),

told as (

    select
        month_start,
        applications,
        placed,
        openings_posted
    from {{ ref('employers_monthly') }}
    where company_id = '__all__'

)

select
    coalesce(expected.month_start, told.month_start) as month_start,
    expected.applications as expected_applications,
    told.applications,
    expected.placed as expected_placed,
    told.placed,
    expected.openings_posted as expected_openings_posted,
    told.openings_posted
from expected
full outer join told on expected.month_start = told.month_start
where
    coalesce(expected.applications, 0) <> coalesce(told.applications, 0)
    or coalesce(expected.placed, 0) <> coalesce(told.placed, 0)
    or coalesce(expected.openings_posted, 0) <> coalesce(told.openings_posted, 0)
