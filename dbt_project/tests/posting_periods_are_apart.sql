-- The live periods of a posting are numbered as they follow each other, and do not touch.
{{ config(meta={'dagster': {'ref': {'name': 'posting_periods'}}}) }}
{%- set of_posting = 'partition by source, job_id order by begins_at' %}

select *
from (
    select
        source,
        job_id,
        period,
        begins_at,
        lag(ends_at) over ({{ of_posting }}) as ended_before_at,
        row_number() over ({{ of_posting }}) as place
    from {{ ref('posting_periods') }}
) as placed
where
    period <> place
    or (place > 1 and coalesce(ended_before_at >= begins_at, true))
