{{ config(**whole_config(cluster_by=['source', 'job_id'])) }}

with jobs as (

    select distinct
        source,
        job_id
    from ({{ told_once(ref('job_versions'), 'job_id') }}) as answering

)

select
    jobs.source,
    jobs.job_id,
    applications.application_id,
    applications.placed_at
from {{ ref('applications') }} as applications
inner join jobs on applications.job_id = jobs.job_id
cross join {{ ref('last_date') }} as last_date
where applications.placed_at < last_date.closes_at
