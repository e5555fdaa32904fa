-- Every placed application of a job that is known is a hire of it, once.
{{ config(meta={'dagster': {'ref': {'name': 'job_hires'}}}) }}

with placed as (

    select facts.application_id
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where facts.job_key <> '-1' and facts.placed_at < last_date.closes_at

)

select
    placed.application_id as application_of_fact,
    hires.application_id as application_of_hire
from placed
full outer join {{ ref('job_hires') }} as hires on placed.application_id = hires.application_id
where placed.application_id is null or hires.application_id is null
