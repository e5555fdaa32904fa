-- By date, the lines of all reasons are the rejected lines of the date.
{{ config(meta={'dagster': {'ref': {'name': 'quarantine_daily'}}}) }}

with reasons as (

    select
        date,
        sum(lines) as lines
    from {{ ref('quarantine_daily') }}
    where {{ in_window('date') }}
    group by date

),

health as (

    select
        date,
        quarantined
    from {{ ref('data_health_daily') }}
    where {{ in_window('date') }}

)

select
    coalesce(reasons.date, health.date) as date,
    reasons.lines,
    health.quarantined
from reasons
full outer join health on reasons.date = health.date
where coalesce(reasons.lines, 0) <> coalesce(health.quarantined, 0)
