-- Every application that entities or events tell of is there once, and nothing else is.
{{ config(meta={'dagster': {'ref': {'name': 'applications'}}}) }}

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

found as (

    select
        application_id,
        count(*) as times
    from {{ ref('applications') }}
    group by application_id

)

select
    coalesce(told.application_id, found.application_id) as application_id,
    coalesce(found.times, 0) as times
from told
full outer join found on told.application_id = found.application_id
where told.application_id is null or coalesce(found.times, 0) <> 1
