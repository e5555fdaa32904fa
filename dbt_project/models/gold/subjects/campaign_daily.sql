{{ config(**whole_config(cluster_by=['event_date', 'campaign_id'])) }}

with counted as (

    select
        event_date,
        campaign_id,
        {%- for column in counts_of_deeds() %}
        {{ count_of(column) }} as {{ column }},
        {%- endfor %}
        {{ spend_of_bids() }} as spend,
        {{ currency_of_bids() }} as currency
    from {{ ref('performance_events') }}
    where campaign_id <> 0 and counted_as in ({{ quoted_list(counts_of_deeds()) }})
    group by event_date, campaign_id

),

daily as (

    select
        dates.event_date,
        dates.campaign_id,
        {%- for column in counts_of_deeds() %}
        coalesce(counted.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        -- Where bids are in several currencies there is no sum, and without clicks it is 0.
        case when counted.campaign_id is null then 0 else counted.spend end as spend,
        counted.currency,
        {{ known('dates.company_id') }} as company_id,
        dates.status,
        dates.budget_amount,
        dates.budget_currency,
        dates.budget_period,
        budgets.spend_in_period,
        budgets.spend_other_currency,
        budgets.days_by_then,
        budgets.days_of_period,
        budgets.exhausted_at,
        budgets.spend_after_exhausted
    from {{ ref('campaign_dates') }} as dates
    left join counted on dates.event_date = counted.event_date and dates.campaign_id = counted.campaign_id
    left join {{ ref('campaign_budgets') }} as budgets
        on dates.event_date = budgets.event_date and dates.campaign_id = budgets.campaign_id

)

select
    event_date,
    campaign_id,
    clicks,
    conversion,
    qualified_application,
    disqualified_application,
    cast(spend as {{ type_decimal() }}) as spend,
    currency,
    {{ rate('spend', 'clicks') }} as cpc,
    {{ rate('spend', 'conversion') }} as cpa,
    {{ rate('spend', 'qualified_application') }} as cpqa,
    company_id,
    status,
    budget_amount,
    budget_currency,
    budget_period,
    spend_in_period,
    spend_other_currency,
    {{ rate('days_by_then', 'days_of_period') }} as elapsed_share,
    {{ as_double('spend_in_period') }} * days_of_period
    / nullif({{ as_double('budget_amount') }} * days_by_then, 0) as pacing,
    cast(budget_amount - spend_in_period as {{ type_decimal() }}) as budget_left,
    exhausted_at,
    spend_after_exhausted
from daily
