-- By source, what is live at the close of the last date is counted from the versions that hold then, without
-- periods.
{{ config(meta={'dagster': {'ref': {'name': 'postings_daily'}}}) }}
{%- set date = adapter.quote('date') %}

with versions as (

    select
        versions.source,
        versions.is_evergreen
    from {{ ref('job_versions') }} as versions
    cross join {{ ref('last_date') }} as last_date
    where
        versions.valid_from < last_date.closes_at
        and (versions.valid_to >= last_date.closes_at or versions.valid_to is null)
        and (versions.status = 'open' or versions.status is null)
        and (
            coalesce(versions.posted_at, versions.created_at) < last_date.closes_at
            or coalesce(versions.posted_at, versions.created_at) is null
        )
        and (versions.expires_at >= last_date.closes_at or versions.expires_at is null)

),

expected as (

    select
        source,
        count(*) as live_postings,
        sum(case when is_evergreen then 1 else 0 end) as evergreen_postings
    from versions
    group by source

),

told as (

    select
        days.source,
        days.live_postings,
        days.evergreen_postings
    from {{ ref('postings_daily') }} as days
    inner join {{ ref('last_date') }} as last_date on days.{{ date }} = last_date.last_date
    where days.source <> '__all__' and days.live_postings > 0

)

select
    coalesce(expected.source, told.source) as source,
    expected.live_postings as expected_live_postings,
    told.live_postings,
    expected.evergreen_postings as expected_evergreen_postings,
    told.evergreen_postings
from expected
full outer join told on expected.source = told.source
where
    coalesce(expected.live_postings, 0) <> coalesce(told.live_postings, 0)
    or coalesce(expected.evergreen_postings, 0) <> coalesce(told.evergreen_postings, 0)
