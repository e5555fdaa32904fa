-- By date, applies that took their ids from a click are those of silver that name none, and whose unit
-- clicked on the job in the 7 days before: the last such click is as late as any.
{{ config(meta={'dagster': {'ref': {'name': 'job_performance_hourly'}}}) }}

with silver_events as (

    select
        event_date,
        event_name,
        unit_id,
        job_id,
        coalesce({{ charged_ids() | join(', ') }}) is not null as names_ids,
        {{ micros_of_timestamp('event_ts') }} as micros
    from {{ ref('events') }}
    where
        {{ in_any_partition('event_date') }}
        and event_name in ('click', 'apply')
        and job_id is not null
        and {{ is_looked_at('event_date', click_attribution_days(), click_attribution_days()) }}

),

followed as (

    select
        *,
        max(case when event_name = 'click' then micros end) over (
            partition by unit_id, job_id order by micros range between unbounded preceding and current row
        ) as clicked_micros
    from silver_events

),

silver as (

    select
        event_date,
        count(*) as attributed
    from followed
    where
        event_name = 'apply'
        and not names_ids
        and micros - clicked_micros < {{ click_attribution_micros() }}
        and {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by event_date

),

gold as (

    select
        event_date,
        sum(attributed_conversion) as attributed
    from {{ ref('job_performance_hourly') }}
    where {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by event_date

)

select
    coalesce(silver.event_date, gold.event_date) as event_date,
    coalesce(gold.attributed, 0) as attributed_conversion,
    coalesce(silver.attributed, 0) as attributed_in_silver
from silver
full outer join gold on silver.event_date = gold.event_date
where coalesce(gold.attributed, 0) <> coalesce(silver.attributed, 0)
