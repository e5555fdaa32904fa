{{ config(**whole_config(cluster_by=['job_id'])) }}

with events as (

    select
        events.job_id,
        events.event_name,
        events.event_date,
        events.currency,
        case when events.event_name = 'impression' then events.rank_position end as rank_position,
        case when events.event_name = 'click' then {{ money_of_bid('events.bid') }} end as bid
    from {{ ref('events') }} as events
    cross join {{ ref('last_date') }} as last_date
    where
        events.event_name in ('impression', 'click', 'apply')
        and events.job_id is not null
        and {{ in_any_partition('events.event_date') }}
        and events.event_date <= last_date.last_date

),

paid as (

    select
        job_id,
        event_name,
        event_date,
        rank_position,
        {{ as_double('rank_position') }} as rank_number,
        bid,
        case when bid is not null then currency end as currency
    from events

),

-- Sums of ranks and their squares are whole: as doubles exact in any order, up to 2 to the power of 53.
traffic as (

    select
        job_id,
        count(case when event_name = 'impression' then 1 end) as impressions,
        count(case when event_name = 'click' then 1 end) as clicks,
        count(case when event_name = 'apply' then 1 end) as applies,
        {{ spend_of_bids() }} as spend,
        {{ currency_of_bids() }} as currency,
        count(rank_position) as rank_n,
        sum(rank_number) as rank_sum,
        sum(rank_number * rank_number) as rank_squares,
        min(rank_position) as rank_min,
        max(rank_position) as rank_max,
        min(event_date) as first_date,
        max(event_date) as last_date
    from paid
    group by job_id

),

items as (

    select
        lists.job_id,
        last_date.last_date as as_of_date,
        {{ counts_of_items() }}
    from {{ ref('result_list_items') }} as lists
    cross join {{ ref('last_date') }} as last_date
    where {{ in_any_partition('lists.event_date') }} and lists.event_date <= last_date.last_date
    group by lists.job_id, last_date.last_date

),

usual as (

    {{ usual_ctr() }}

),

expectations as (

    select
        items.job_id,
        items.clicked,
        {{ expected_clicks('items', 'usual') }} as expected_clicks
    from items
    left join usual on items.as_of_date = usual.as_of_date

),

judgements as (

    select
        applications.job_id,
        count(case when applications.qualified_at < last_date.closes_at then 1 end) as qualified,
        count(case when applications.disqualified_at < last_date.closes_at then 1 end) as disqualified
    from {{ ref('applications') }} as applications
    cross join {{ ref('last_date') }} as last_date
    group by applications.job_id

),

jobs as (

    select versions.job_id
    from {{ ref('job_versions') }} as versions
    cross join {{ ref('last_date') }} as last_date
    where versions.version = 1 and versions.valid_from < last_date.closes_at
    union distinct
    select job_id
    from traffic

),

found as (

    select
        jobs.job_id,
        coalesce(traffic.impressions, 0) as impressions,
        coalesce(traffic.clicks, 0) as clicks,
        coalesce(traffic.applies, 0) as applies,
        coalesce(judgements.qualified, 0) as qualified,
        coalesce(judgements.disqualified, 0) as disqualified,
        case when traffic.job_id is null then 0 else traffic.spend end as spend,
        traffic.currency,
        coalesce(traffic.rank_n, 0) as rank_n,
        traffic.rank_sum,
        traffic.rank_squares,
        traffic.rank_min,
        traffic.rank_max,
        traffic.first_date,
        traffic.last_date,
        coalesce(expectations.clicked, 0) as clicked,
        coalesce(expectations.expected_clicks, 0) as expected_clicks
    from jobs
    left join traffic on jobs.job_id = traffic.job_id
    left join judgements on jobs.job_id = judgements.job_id
    left join expectations on jobs.job_id = expectations.job_id

)

select
    job_id,
    impressions,
    clicks,
    applies,
    qualified,
    disqualified,
    {{ rate('clicks', 'impressions') }} as ctr,
    {{ rate('applies', 'impressions') }} as apply_rate,
    cast(spend as {{ type_decimal() }}) as spend,
    currency,
    rank_n,
    rank_sum / nullif(rank_n, 0) as rank_mean,
    rank_min,
    rank_max,
    case
        when rank_n > 1
            then sqrt(greatest(rank_squares - rank_sum * rank_sum / rank_n, 0) / (rank_n - 1))
    end as rank_stddev,
    first_date,
    last_date,
    cast({{ days_of_date('last_date') }} - {{ days_of_date('first_date') }} as bigint) as span_days,
    expected_clicks,
    {{ rate('clicked', 'expected_clicks') }} as coec,
    {{ tier_of_job('expected_clicks', rate('clicked', 'expected_clicks')) }} as tier,
    {{ quality_tier_of_job('qualified', 'disqualified') }} as quality_tier
from found
