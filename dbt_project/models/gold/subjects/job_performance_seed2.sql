{{ config(**replace_touched_config('dates', cluster_by=['dates', 'job_id', 'campaign_id'], finds='job_id')) }}
{%- set ids = {} %}
{%- for id in charged_ids() %}{% do ids.update({id: 'own_' ~ id}) %}{% endfor %}
{%- set sums = {} %}
{%- for column in counts_of_deeds() %}{% do sums.update({column: count_of(column)}) %}{% endfor %}
{%- do sums.update({'spend_hour': spend_of_bids()}) %}

with counted as (

    {{ performance_by_hour(
        ids, sums, 'counted_as in (' ~ quoted_list(counts_of_deeds()) ~ ')', named=['dates', 'hours']
    ) }}

)

select
    job_id,
    event_date as dates,
    hour as hours,
    disqualified_application,
    qualified_application,
    conversion,
    company_id,
    group_id,
    campaign_id,
    publisher_id,
    cast({{ mean_amount('spend_hour', 'clicks') }} as {{ type_decimal() }}) as bid_set,
    clicks,
    spend_hour,
    sources,
    latest_update_time
from counted
