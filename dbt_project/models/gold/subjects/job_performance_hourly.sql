{%- set days = click_attribution_days() %}
{{ config(**replace_touched_config(
    'event_date', days_after=days, cluster_by=['event_date', 'job_id', 'campaign_id'], finds='job_id'
)) }}
{%- set ids = {} %}
{%- for id in charged_ids() %}{% do ids.update({id: id}) %}{% endfor %}
{%- set sums = {} %}
{%- for column in performance_counts() %}{% do sums.update({column: count_of(column)}) %}{% endfor %}
{%- do sums.update({
    'attributed_conversion': 'cast(sum(case when is_attributed then 1 else 0 end) as bigint)',
    'bids': 'cast(count(bid) as bigint)',
    'spend_hour': spend_of_bids(),
    'currency': currency_of_bids(),
    'repeat_clicks': 'cast(sum(case when is_repeat then 1 else 0 end) as bigint)',
    'spend_repeat': spend_of_bids('is_repeat'),
}) %}

with counted as (

    {{ performance_by_hour(ids, sums, days_after=days) }}

)

select
    event_date,
    hour,
    job_id,
    publisher_id,
    campaign_id,
    group_id,
    impressions,
    clicks,
    job_views,
    conversion,
    qualified_application,
    disqualified_application,
    attributed_conversion,
    cast({{ mean_amount('spend_hour', 'bids') }} as {{ type_decimal() }}) as bid_set,
    spend_hour,
    currency,
    clicks - bids as clicks_without_bid,
    repeat_clicks,
    spend_repeat,
    company_id,
    sources,
    latest_update_time
from counted
