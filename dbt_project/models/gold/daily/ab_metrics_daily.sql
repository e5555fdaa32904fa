{{ config(**replace_window_config('event_date', cluster_by=['experiment_id', 'variant'])) }}

with totals as (

    select
        event_date,
        experiment_id,
        variant,
        count(*) as units,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        sum(applies) as applies,
        sum(case when impressions > 0 then 1 else 0 end) as users_impression,
        sum(case when clicks > 0 then 1 else 0 end) as users_click,
        sum(case when applies > 0 then 1 else 0 end) as users_apply,
        sum(impressions * impressions) as sum_ii,
        sum(clicks * clicks) as sum_cc,
        sum(applies * applies) as sum_aa,
        sum(impressions * clicks) as sum_ic,
        sum(clicks * applies) as sum_ca,
        sum(impressions * applies) as sum_ia
    from {{ ref('ab_units_daily') }}
    where {{ in_window('event_date') }}
    group by event_date, experiment_id, variant

)

select
    event_date,
    experiment_id,
    variant,
    {%- for column in [
        'units', 'impressions', 'clicks', 'applies', 'users_impression', 'users_click', 'users_apply'
    ] %}
    cast({{ column }} as bigint) as {{ column }},
    {%- endfor %}
    {{ rate('users_click', 'users_impression') }} as ctr_user_level,
    {{ rate('users_apply', 'users_click') }} as apply_per_click_user_level,
    {%- for column in ['sum_ii', 'sum_cc', 'sum_aa', 'sum_ic', 'sum_ca', 'sum_ia'] %}
    cast({{ column }} as bigint) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from totals
