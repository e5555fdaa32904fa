-- Every application that entities or events tell of is a fact once, and nothing else is.
{{ config(meta={'dagster': {'ref': {'name': 'fact_application'}}}) }}

with told as (

    select application_id
    from {{ ref('application_versions') }}
    union distinct
    select application_id
    from {{ ref('events') }}
    where
        event_name in ('apply', 'application_status')
        and application_id is not null
        and {{ in_any_partition('event_date') }}

),

facts as (

    select
        application_id,
        count(*) as facts
    from {{ ref('fact_application') }}
    group by application_id

)

select
    coalesce(told.application_id, facts.application_id) as application_id,
    coalesce(facts.facts, 0) as facts
from told
full outer join facts on told.application_id = facts.application_id
where told.application_id is null or coalesce(facts.facts, 0) <> 1
