{{ config(**replace_differing_config('opening_fingerprints', 'opening_id', cluster_by=['opening_id'])) }}
{%- set says_filled -%}
    (coalesce(versions.status, '') = 'filled' or coalesce(versions.close_reason, '') = 'filled')
{%- endset %}
{%- set of_job = 'partition by job_id order by version' %}

with asked as (

    {{ things_to_make(ref('opening_fingerprints'), 'opening_id') }}

),

periods as (

    select
        periods.opening_id,
        periods.job_id,
        periods.begins_at,
        periods.ends_at,
        periods.end_reason,
        case
            when periods.ends_at is not null
                then row_number() over (
                    partition by periods.opening_id order by periods.ends_at nulls last, periods.job_id
                )
        end as end_number
    from {{ ref('posting_periods') }} as periods
    inner join asked on periods.opening_id = asked.opening_id
    where periods.source = 'product'

),

starts as (

    select
        opening_id,
        min(begins_at) as started_at
    from periods
    group by opening_id

),

-- Grouped, so that engines find these few jobs before they join all versions.
jobs_asked as (

    select
        openings.job_id,
        min(openings.opening_id) as opening_id
    from {{ ref('openings') }} as openings
    inner join starts on openings.opening_id = starts.opening_id
    where openings.source = 'product'
    group by openings.job_id

),

begun as (

    select
        jobs_asked.opening_id,
        versions.job_id,
        versions.version,
        versions.valid_from,
        {{ date_of_timestamp('versions.valid_from') }} as begun_on,
        versions.company_id,
        versions.category,
        coalesce(versions.is_evergreen, false) as is_evergreen,
        coalesce(versions.openings, 1) as people,
        versions.closed_at,
        last_date.closes_at,
        {{ says_filled }} as says_filled,
        versions.valid_to
    from {{ ref('job_versions') }} as versions
    inner join jobs_asked on versions.job_id = jobs_asked.job_id
    cross join {{ ref('last_date') }} as last_date
    where versions.source = 'product' and versions.valid_from < last_date.closes_at

),

versions as (

    select
        *,
        row_number() over (partition by opening_id order by valid_from, job_id) as version_number
    from begun

),

filled_jobs as (

    select distinct job_id
    from begun
    where says_filled

),

of_filled_jobs as (

    select
        *,
        lag(valid_to) over ({{ of_job }}) as held_before_to,
        lag(says_filled) over ({{ of_job }}) as said_filled_before,
        lead(begun_on) over ({{ of_job }}) as next_begun_on
    from begun
    where job_id in (select filled_jobs.job_id from filled_jobs)

),

-- A version says anew that the job is filled where the one before did not, or there was a gap.
dated as (

    select
        opening_id,
        begun_on,
        next_begun_on,
        closes_at,
        says_filled,
        coalesce(
            closed_at,
            max(
                case
                    when says_filled and held_before_to = valid_from and said_filled_before then null
                    else valid_from
                end
            ) over ({{ of_job }})
        ) as filled_at
    from of_filled_jobs

),

-- From when to when the latest version of a job says that it is filled, and since when it is.
statements as (

    select
        opening_id,
        filled_at,
        greatest(begun_on, {{ date_of_timestamp('filled_at') }}) as told_on,
        next_begun_on as told_until
    from dated
    where says_filled and filled_at < closes_at

),

jobs as (

    select
        opening_id,
        job_id,
        min(begun_on) as first_begun_on
    from versions
    group by opening_id, job_id

),

hires as (

    select
        jobs.opening_id,
        job_hires.placed_at,
        greatest(jobs.first_begun_on, {{ date_of_timestamp('job_hires.placed_at') }}) as told_on
    from {{ ref('job_hires') }} as job_hires
    inner join jobs on job_hires.job_id = jobs.job_id
    where job_hires.source = 'product'

),

told as (

    select
        opening_id,
        begun_on as told_on,
        version_number,
        0 as end_number,
        0 as live_step
    from versions
    union all
    select
        opening_id,
        {{ date_of_timestamp('begins_at') }} as told_on,
        0 as version_number,
        0 as end_number,
        1 as live_step
    from periods
    union all
    select
        opening_id,
        {{ date_of_timestamp('ends_at') }} as told_on,
        0 as version_number,
        end_number,
        -1 as live_step
    from periods
    where ends_at is not null
    {%- for relation in ['hires', 'statements'] %}
    union all
    select
        opening_id,
        told_on,
        0 as version_number,
        0 as end_number,
        0 as live_step
    from {{ relation }}
    {%- endfor %}

),

spans as (

    select
        opening_id,
        told_on as as_of_from,
        lead(told_on) over (partition by opening_id order by told_on) as as_of_to,
        {%- for column in ['version_number', 'end_number'] %}
        max(max({{ column }})) over (
            partition by opening_id order by told_on
            rows between unbounded preceding and current row
        ) as {{ column }},
        {%- endfor %}
        sum(sum(live_step)) over (
            partition by opening_id order by told_on
            rows between unbounded preceding and current row
        ) as live_postings
    from told
    group by opening_id, told_on

),

states as (

    select
        spans.opening_id,
        spans.as_of_from,
        spans.as_of_to,
        spans.end_number,
        spans.live_postings,
        starts.started_at,
        versions.company_id,
        versions.category,
        versions.is_evergreen,
        versions.people
    from spans
    inner join starts
        on
            spans.opening_id = starts.opening_id
            and spans.as_of_from >= {{ date_of_timestamp('starts.started_at') }}
    inner join versions
        on spans.opening_id = versions.opening_id and spans.version_number = versions.version_number

),

numbered_hires as (

    select
        states.opening_id,
        states.as_of_from,
        states.people,
        hires.placed_at,
        row_number() over (
            partition by states.opening_id, states.as_of_from order by hires.placed_at
        ) as hire_number
    from states
    inner join hires on states.opening_id = hires.opening_id and states.as_of_from >= hires.told_on

),

-- The hire that fills the opening, and every statement that holds.
filling as (

    select
        opening_id,
        as_of_from,
        placed_at as filled_at
    from numbered_hires
    where hire_number = people
    union all
    select
        states.opening_id,
        states.as_of_from,
        statements.filled_at
    from states
    inner join statements
        on
            states.opening_id = statements.opening_id
            and states.as_of_from >= statements.told_on
            and (states.as_of_from < statements.told_until or statements.told_until is null)

),

filled as (

    select
        opening_id,
        as_of_from,
        min(filled_at) as filled_at
    from filling
    group by opening_id, as_of_from

),

outcomes as (

    select
        states.*,
        case
            when filled.filled_at is not null then 'filled'
            when states.live_postings = 0 then 'closed'
        end as outcome,
        case
            when filled.filled_at is not null then greatest(filled.filled_at, states.started_at)
            when states.live_postings = 0 then periods.ends_at
        end as ended_at,
        case
            when filled.filled_at is null and states.live_postings = 0 then periods.end_reason
        end as end_reason
    from states
    left join filled
        on states.opening_id = filled.opening_id and states.as_of_from = filled.as_of_from
    left join periods
        on states.opening_id = periods.opening_id and states.end_number = periods.end_number

)

select
    outcomes.opening_id,
    outcomes.as_of_from,
    outcomes.as_of_to,
    outcomes.started_at,
    outcomes.company_id,
    outcomes.category,
    outcomes.is_evergreen,
    cast(outcomes.live_postings as bigint) as live_postings,
    outcomes.outcome,
    outcomes.ended_at,
    outcomes.end_reason,
    {{ whole_days('outcomes.started_at', 'outcomes.ended_at') }} as days,
    asked.made_of
from outcomes
inner join asked on outcomes.opening_id = asked.opening_id
