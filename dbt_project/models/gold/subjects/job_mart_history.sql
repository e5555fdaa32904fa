{{ config(**whole_config(cluster_by=['job_id'])) }}

with jobs as (

    select distinct
        job_id,
        first_date,
        told_until as last_date
    from {{ ref('job_tiers') }}

),

judged as (

    {% for status in ['qualified', 'disqualified'] -%}
    {{ 'union all' if not loop.first }}
    select
        jobs.job_id,
        greatest({{ date_of_timestamp('applications.' ~ status ~ '_at') }}, jobs.first_date) as changed_on,
        {{ 1 if status == 'qualified' else 0 }} as qualified,
        {{ 1 if status == 'disqualified' else 0 }} as disqualified
    from {{ ref('applications') }} as applications
    inner join jobs on applications.job_id = jobs.job_id
    where {{ date_of_timestamp('applications.' ~ status ~ '_at') }} <= jobs.last_date
    {% endfor -%}
    union all
    select
        job_id,
        first_date as changed_on,
        0 as qualified,
        0 as disqualified
    from jobs

),

judgements as (

    select
        job_id,
        changed_on,
        sum(sum(qualified)) over so_far as qualified,
        sum(sum(disqualified)) over so_far as disqualified
    from judged
    group by job_id, changed_on
    window so_far as (
        partition by job_id order by changed_on rows between unbounded preceding and current row
    )

),

quality_tiers as (

    select
        job_id,
        changed_on,
        {{ quality_tier_of_job('qualified', 'disqualified') }} as quality_tier
    from judgements

),

quality_history as (

    {{ history_of_state('quality_tiers', 'job_id', ['quality_tier']) }}

)

select
    of_tiers.job_id,
    of_tiers.tier,
    of_qualities.quality_tier,
    greatest(of_tiers.valid_from, of_qualities.valid_from) as valid_from,
    case
        when of_tiers.valid_to < of_qualities.valid_to then of_tiers.valid_to
        else coalesce(of_qualities.valid_to, of_tiers.valid_to)
    end as valid_to
from {{ ref('job_tiers') }} as of_tiers
inner join quality_history as of_qualities
    on
        of_tiers.job_id = of_qualities.job_id
        and (of_tiers.valid_from < of_qualities.valid_to or of_qualities.valid_to is null)
        and (of_tiers.valid_to > of_qualities.valid_from or of_tiers.valid_to is null)
