-- By week and stage, as many applications entered as the facts have first times in it.
{{ config(meta={'dagster': {'ref': {'name': 'stage_time_weekly'}}}) }}
{%- set stages = stages_of_hiring()[:-1] %}

with facts as (

    {% for stage in stages -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ stage }}' as stage,
        {{ first_date_of('week', date_of_timestamp('facts.' ~ stage ~ '_at')) }} as week_start
    from {{ ref('fact_application') }} as facts
    cross join {{ ref('last_date') }} as last_date
    where facts.{{ stage }}_at < last_date.closes_at
    {% endfor %}

),

counted as (

    select
        stage,
        week_start,
        count(*) as first_times
    from facts
    where {{ add_days('week_start', 6) }} >= date '{{ partitions_start() }}'
    group by stage, week_start

)

select
    coalesce(counted.stage, stages.stage) as stage,
    coalesce(counted.week_start, stages.week_start) as week_start,
    coalesce(counted.first_times, 0) as first_times,
    coalesce(stages.entered, 0) as entered
from counted
full outer join {{ ref('stage_time_weekly') }} as stages
    on counted.stage = stages.stage and counted.week_start = stages.week_start
where coalesce(counted.first_times, 0) <> coalesce(stages.entered, 0)
