-- In the rows of all and of each source, what is live at a close is what was live at the one before, and
-- began, and did not end; while something is live, there is a row for every date up to the last.
{{ config(meta={'dagster': {'ref': {'name': 'postings_daily'}}}) }}
{%- set date = adapter.quote('date') %}
{%- set of_group = 'partition by source order by ' ~ date %}

with steps as (

    select
        {{ date }} as counted_on,
        source,
        posted,
        resumed,
        ended,
        live_postings,
        lag(live_postings) over ({{ of_group }}) as live_before,
        lead({{ date }}) over ({{ of_group }}) as next_counted_on
    from {{ ref('postings_daily') }}
    where category = '__all__' and country = '__all__'

)

select steps.*
from steps
cross join {{ ref('last_date') }} as last_date
where
    steps.live_postings <> steps.live_before + steps.posted + steps.resumed - steps.ended
    or (
        steps.live_postings > 0
        and steps.counted_on < last_date.last_date
        and coalesce(steps.next_counted_on > {{ add_days('steps.counted_on', 1) }}, true)
    )
