-- Every application is a fact once, and nothing else is.
{{ config(meta={'dagster': {'ref': {'name': 'fact_application'}}}) }}

with facts as (

    select
        application_id,
        count(*) as facts
    from {{ ref('fact_application') }}
    group by application_id

)

select
    coalesce(applications.application_id, facts.application_id) as application_id,
    coalesce(facts.facts, 0) as facts
from {{ ref('applications') }} as applications
full outer join facts on applications.application_id = facts.application_id
where applications.application_id is null or coalesce(facts.facts, 0) <> 1
