-- By hour, job and ids, clicks of all currencies are the clicks that carry a bid; what was spent is that
-- of the one currency, and nothing stands there for several.
{{ config(meta={'dagster': {'ref': {'name': 'job_spend_hourly'}}}) }}
{%- set grain = ['event_date', 'hour', 'job_id'] + charged_ids() %}

with spent as (

    select
        {{ grain | join(',\n        ') }},
        count(*) as currencies,
        min(currency) as currency,
        sum(clicks) as clicks,
        sum(spend_hour) as spend_hour,
        sum(spend_repeat) as spend_repeat
    from {{ ref('job_spend_hourly') }}
    where {{ is_looked_at('event_date', days_after=click_attribution_days()) }}
    group by {{ grain | join(', ') }}

),

hours as (

    select
        {{ grain | join(',\n        ') }},
        clicks - clicks_without_bid as clicks,
        currency,
        spend_hour,
        spend_repeat
    from {{ ref('job_performance_hourly') }}
    where {{ is_looked_at('event_date', days_after=click_attribution_days()) }}

)

select
    {%- for column in grain %}
    coalesce(hours.{{ column }}, spent.{{ column }}) as {{ column }},
    {%- endfor %}
    spent.currencies,
    spent.clicks,
    hours.clicks as clicks_of_hour,
    spent.spend_hour,
    hours.spend_hour as spend_of_hour
from hours
full outer join spent
    on
        {%- for column in grain %}
        {{ 'and ' if not loop.first }}hours.{{ column }} = spent.{{ column }}
        {%- endfor %}
where
    coalesce(hours.clicks, -1) <> coalesce(spent.clicks, 0)
    or (
        coalesce(spent.currencies, 0) <= 1
        and (
            coalesce(hours.currency, '') <> coalesce(spent.currency, '')
            or coalesce(hours.spend_hour, -1) <> coalesce(spent.spend_hour, 0)
            or coalesce(hours.spend_repeat, -1) <> coalesce(spent.spend_repeat, 0)
        )
    )
    or (spent.currencies > 1 and hours.currency <> '{{ mixed_currencies() }}')
