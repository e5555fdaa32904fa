-- Every date that has a partition is there once.
{{ config(meta={'dagster': {'ref': {'name': 'dim_date'}}}) }}

with dates as (

    select
        {{ adapter.quote('date') }} as day,
        count(*) as members
    from {{ ref('dim_date') }}
    group by {{ adapter.quote('date') }}

)

select
    partitions.date_day as day,
    coalesce(dates.members, 0) as members
from {{ dates_between(partitions_start(), partitions_end()) }} as partitions
left join dates on partitions.date_day = dates.day
where coalesce(dates.members, 0) <> 1
