{{ config(**whole_config(cluster_by=['source', 'job_id'])) }}

with hires as (

    select
        applications.application_id,
        applications.job_id,
        applications.placed_at
    from {{ ref('applications') }} as applications
    cross join {{ ref('last_date') }} as last_date
    where applications.placed_at < last_date.closes_at

),

jobs as (

    select
        source,
        job_id
    from (
        {{ told_once(ref('job_versions'), 'job_id', 'job_id in (select hires.job_id from hires)') }}
    ) as answering
    where version = 1

)

select
    jobs.source,
    jobs.job_id,
    hires.application_id,
    hires.placed_at
from hires
inner join jobs on hires.job_id = jobs.job_id
