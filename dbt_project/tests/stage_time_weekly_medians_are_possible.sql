-- What a median of censored stays can be, without the estimator: it is there where half or more have left,
-- and none is longer than the time from the beginning of the week to the close of the last date.
{{ config(meta={'dagster': {'ref': {'name': 'stage_time_weekly'}}}) }}

select
    stages.week_start,
    stages.stage,
    stages.entered,
    stages.{{ adapter.quote('left') }},
    stages.still_in,
    stages.median_hours
from {{ ref('stage_time_weekly') }} as stages
cross join {{ ref('last_date') }} as last_date
where
    stages.median_hours
    > 24 * ({{ days_of_date('last_date.last_date') }} + 1 - {{ days_of_date('stages.week_start') }})
    or (stages.median_hours is null and 2 * stages.{{ adapter.quote('left') }} >= stages.entered)
