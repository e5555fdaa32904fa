-- Every application waits once, and one that was answered waited as many whole days as its fact says.
{{ config(meta={'dagster': {'ref': {'name': 'application_waits'}}}) }}

with waits as (

    select
        application_id,
        count(*) as waits,
        min(case when outcome = 'responded' then waited_hours end) as answered_hours
    from {{ ref('application_waits') }}
    group by application_id

)

select
    coalesce(facts.application_id, waits.application_id) as application_id,
    coalesce(waits.waits, 0) as waits,
    waits.answered_hours,
    facts.days_to_response
from {{ ref('fact_application') }} as facts
full outer join waits on facts.application_id = waits.application_id
where
    facts.application_id is null
    or coalesce(waits.waits, 0) <> 1
    -- A response before applied_at is one after 0 hours.
    or (facts.days_to_response >= 0 and floor(waits.answered_hours / 24) <> facts.days_to_response)
    or (waits.answered_hours is not null and facts.days_to_response is null)
