{{ config(**whole_config(cluster_by=['opening_id'])) }}

with periods as (

    select
        opening_id,
        {{ row_fingerprint(["'period'", 'job_id', 'period', 'begins_at', 'ends_at', 'end_reason']) }} as part
    from {{ ref('posting_periods') }}
    where source = 'product'

),

-- By job first: there are many versions of one.
versions_of_jobs as (

    select
        versions.job_id,
        bit_xor({{ row_fingerprint([
            "'version'", 'versions.job_id', 'versions.version', 'versions.valid_from', 'versions.valid_to',
            'versions.company_id', 'versions.category', 'versions.is_evergreen', 'versions.openings',
            'versions.status', 'versions.close_reason', 'versions.closed_at',
            'versions.closed_at < last_date.closes_at',
        ]) }}) as part
    from {{ ref('job_versions') }} as versions
    cross join {{ ref('last_date') }} as last_date
    where versions.source = 'product' and versions.valid_from < last_date.closes_at
    group by versions.job_id

),

versions as (

    select
        openings.opening_id,
        versions_of_jobs.part
    from versions_of_jobs
    inner join {{ ref('openings') }} as openings on versions_of_jobs.job_id = openings.job_id
    where openings.source = 'product'

),

hires as (

    select
        openings.opening_id,
        {{ row_fingerprint([
            "'hire'", 'job_hires.application_id', 'job_hires.job_id', 'job_hires.placed_at',
        ]) }} as part
    from {{ ref('job_hires') }} as job_hires
    inner join {{ ref('openings') }} as openings
        on job_hires.source = openings.source and job_hires.job_id = openings.job_id
    where job_hires.source = 'product'

),

parts as (

    select * from periods
    union all
    select * from versions
    union all
    select * from hires

)

select
    opening_id,
    {{ fingerprint_of('part') }} as made_of
from parts
where opening_id in (select periods.opening_id from periods)
group by opening_id
