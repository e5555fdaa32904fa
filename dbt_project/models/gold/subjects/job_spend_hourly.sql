{#- A click may repeat one of the date before. -#}
{%- set days = 1 %}
{{ config(**replace_touched_config(
    'event_date', days_after=days, cluster_by=['event_date', 'job_id', 'campaign_id']
)) }}

with counted as (

    select
        event_date,
        hour,
        job_id,
        publisher_id,
        campaign_id,
        group_id,
        currency,
        cast(count(*) as bigint) as clicks,
        {{ spend_of_bids() }} as spend_hour,
        {{ spend_of_bids('is_repeat') }} as spend_repeat
    from {{ ref('performance_events') }}
    where bid is not null and {{ in_touched('event_date', days_after=days) }}
    group by event_date, hour, job_id, publisher_id, campaign_id, group_id, currency

)

select
    event_date,
    hour,
    job_id,
    publisher_id,
    campaign_id,
    group_id,
    currency,
    clicks,
    cast({{ mean_amount('spend_hour', 'clicks') }} as {{ type_decimal() }}) as bid_set,
    spend_hour,
    spend_repeat
from counted
