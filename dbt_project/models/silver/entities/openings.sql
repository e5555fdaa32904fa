{{ config(**whole_config()) }}
{%- set most_steps = 50 %}

with recursive last_versions as (

    select
        source,
        job_id,
        company_id,
        requisition_id,
        reposted_from
    from {{ ref('job_versions') }}
    -- What another version followed at once is not the last.
    where ended_by is null or ended_by <> 'version'
    qualify row_number() over (partition by source, job_id order by valid_from desc) = 1

),

-- From a job to that which it was reposted from, and so on, until a step comes back to a job of the path.
paths as (

    select
        source,
        job_id,
        job_id as reached,
        {{ array_of('job_id') }} as path,
        cast(null as string) as met_again,
        0 as steps
    from last_versions
    where reposted_from is not null and (company_id is null or requisition_id is null)
    union all
    select
        paths.source,
        paths.job_id,
        last_versions.reposted_from as reached,
        {{ with_element('paths.path', 'last_versions.reposted_from') }} as path,
        case
            when {{ has_element('paths.path', 'last_versions.reposted_from') }}
                then last_versions.reposted_from
        end as met_again,
        paths.steps + 1 as steps
    from paths
    inner join last_versions
        on paths.source = last_versions.source and paths.reached = last_versions.job_id
    where
        last_versions.reposted_from is not null
        and paths.met_again is null
        and paths.steps < {{ most_steps }}

),

ends as (

    select *
    from paths
    -- GoogleSQL wants a WHERE beside QUALIFY.
    where true
    qualify row_number() over (partition by source, job_id order by steps desc) = 1

)

select
    last_versions.source,
    last_versions.job_id,
    case
        when last_versions.company_id is not null and last_versions.requisition_id is not null
            then last_versions.company_id || '/' || last_versions.requisition_id
        when ends.met_again is not null then {{ smallest_since('ends.path', 'ends.met_again') }}
        else coalesce(ends.reached, last_versions.job_id)
    end as opening_id
from last_versions
left join ends
    on last_versions.source = ends.source and last_versions.job_id = ends.job_id
