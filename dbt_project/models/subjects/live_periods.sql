{{ config(**replace_entities_config('job', key='job_id', cluster_by=['source', 'job_id'])) }}

select
    source,
    job_id,
    period,
    min(version) as first_version,
    max(version) as last_version,
    min(live_from) as begins_at,
    -- Only the last version of a period may have no end.
    case when count(live_to) = count(*) then max(live_to) end as ends_at,
    max(ends_as) as ends_as,
    max(case when ends_as is not null then people end) as people
from {{ ref('live_versions') }}
where {{ is_touched('job', key='job_id') }}
group by source, job_id, period
