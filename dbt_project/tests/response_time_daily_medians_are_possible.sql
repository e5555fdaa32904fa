-- What a median of censored waits can be, without the estimator: before it fewer than half of the applicants
-- were answered, and by it at least half were answered or no longer waited. Without one, fewer than half were
-- answered.
{{ config(meta={'dagster': {'ref': {'name': 'response_time_daily'}}}) }}

with waits as (

    select
        applied_date,
        company_id,
        waited_hours,
        outcome
    from {{ ref('application_waits') }}
    where waited_hours is not null
    union all
    select
        applied_date,
        '__all__' as company_id,
        waited_hours,
        outcome
    from {{ ref('application_waits') }}
    where waited_hours is not null

),

counted as (

    select
        responses.applied_date,
        responses.company_id,
        responses.median_hours_to_response,
        count(*) as waits,
        count(
            case
                when
                    responses.median_hours_to_response is null
                    or waits.waited_hours < responses.median_hours_to_response
                    then waits.outcome
            end
        ) as answered_before,
        count(case when waits.waited_hours <= responses.median_hours_to_response then 1 end) as over_by_then
    from {{ ref('response_time_daily') }} as responses
    inner join waits
        on responses.applied_date = waits.applied_date and responses.company_id = waits.company_id
    group by responses.applied_date, responses.company_id, responses.median_hours_to_response

)

select *
from counted
where
    2 * answered_before >= waits
    or (median_hours_to_response is not null and 2 * over_by_then < waits)
