-- A campaign that has a start has every date from it to its end or the last date, as its last version
-- says.
{{ config(meta={'dagster': {'ref': {'name': 'campaign_daily'}}}) }}

with campaigns as (

    {{ told_once(ref('campaign_versions'), 'campaign_id') }}

),

last_versions as (

    select
        campaigns.campaign_id,
        {{ date_of_timestamp('campaigns.starts_at') }} as starts_on,
        {{ date_of_micros(micros_of_timestamp('campaigns.ends_at') ~ ' - 1') }} as ends_on,
        {{ date_of_micros(micros_of_timestamp('campaigns.closed_at') ~ ' - 1') }} as closed_on,
        last_date.last_date
    from campaigns
    cross join {{ ref('last_date') }} as last_date
    where campaigns.campaign_id <> 0 and campaigns.valid_from < last_date.closes_at
    qualify row_number() over (partition by campaigns.campaign_id order by campaigns.valid_from desc) = 1

),

expected as (

    select
        campaigns.campaign_id,
        dates.{{ adapter.quote('date') }} as event_date
    from last_versions as campaigns
    inner join {{ ref('dim_date') }} as dates
        on
            campaigns.starts_on <= dates.{{ adapter.quote('date') }}
            and campaigns.last_date >= dates.{{ adapter.quote('date') }}
    where
        (campaigns.ends_on is null or campaigns.ends_on >= dates.{{ adapter.quote('date') }})
        and (campaigns.closed_on is null or campaigns.closed_on >= dates.{{ adapter.quote('date') }})

)

select
    expected.event_date,
    expected.campaign_id
from expected
left join {{ ref('campaign_daily') }} as gold
    on expected.event_date = gold.event_date and expected.campaign_id = gold.campaign_id
where gold.campaign_id is null
