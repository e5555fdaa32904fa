-- By date, the units of all lists are those of the lists in silver, at every cutoff.
{{ config(meta={'dagster': {'ref': {'name': 'ranking_metrics_daily'}}}) }}

with items as (

    select
        event_date,
        count(distinct unit_id) as units,
        count(distinct case when gain > 0 then unit_id end) as interacted_units
    from {{ ref('result_list_items') }}
    where {{ in_window('event_date') }}
    group by event_date

)

select
    gold.event_date,
    gold.k,
    gold.units,
    items.units as units_in_silver,
    gold.interacted_units,
    items.interacted_units as interacted_units_in_silver
from {{ ref('ranking_metrics_daily') }} as gold
left join items on gold.event_date = items.event_date
where
    {{ in_window('gold.event_date') }}
    and gold.surface = '__all__'
    and gold.experiment_id = '__all__'
    and (
        gold.units <> coalesce(items.units, 0)
        or gold.interacted_units <> coalesce(items.interacted_units, 0)
    )
