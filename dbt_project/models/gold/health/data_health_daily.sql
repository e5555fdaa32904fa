{{ config(**replace_window_config('date')) }}
{%- set percents = {'median': 50, 'p95': 95} %}
{%- set not_kept = {'duplicates': 'events_duplicates', 'quarantined': 'events_quarantine'} %}

with copies as (

    select
        event_date,
        event_id,
        first_source_dt
    from {{ ref('earlier_copies') }}
    where {{ in_window('event_date') }}

),

events as (

    select
        kept.event_date,
        kept.event_ts,
        {{ days_of_date('coalesce(copies.first_source_dt, kept._source_dt)') }}
        - {{ days_of_date('kept.event_date') }} as days_late,
        case
            when kept.ingested_at is not null
                then greatest(
                    {{ micros_of_timestamp('kept.ingested_at') }}
                    - {{ micros_of_timestamp('kept.event_ts') }},
                    0
                )
        end as lateness
    from {{ ref('events') }} as kept
    left join copies
        on
            kept.event_date = copies.event_date
            and kept.event_id = copies.event_id
    where {{ in_window('kept.event_date') }}

),

counts as (

    select
        event_date,
        count(*) as events,
        0 as duplicates,
        0 as quarantined,
        max(event_ts) as newest_event_ts,
        sum(case when days_late = 1 then 1 else 0 end) as late_1_day,
        sum(case when days_late >= 2 then 1 else 0 end) as late_2_days_or_more,
        count(lateness) as with_ingested_at
    from events
    group by event_date
    {%- for counted, model in not_kept.items() %}
    union all
    select
        event_date,
        0 as events,
        {{ 'count(*)' if counted == 'duplicates' else 0 }} as duplicates,
        {{ 'count(*)' if counted == 'quarantined' else 0 }} as quarantined,
        null as newest_event_ts,
        0 as late_1_day,
        0 as late_2_days_or_more,
        0 as with_ingested_at
    from {{ ref(model) }}
    where {{ in_window('event_date') }}
    group by event_date
    {%- endfor %}

),

totals as (

    select
        event_date,
        sum(events) as events,
        sum(duplicates) as duplicates,
        sum(quarantined) as quarantined,
        sum(events) + sum(duplicates) + sum(quarantined) as lines,
        max(newest_event_ts) as newest_event_ts,
        sum(late_1_day) as late_1_day,
        sum(late_2_days_or_more) as late_2_days_or_more,
        sum(with_ingested_at) as with_ingested_at
    from counts
    group by event_date

),

ranked as (

    select
        event_date,
        lateness,
        row_number() over (partition by event_date order by lateness) - 1 as place,
        count(*) over (partition by event_date) - 1 as last_place
    from events
    where lateness is not null

),

-- A percentile lies at percent / 100 * last_place: of the two places next to it, the nearer one weighs more.
weighed as (

    select
        event_date,
        lateness,
        {%- for name, percent in percents.items() %}
        greatest(100 - abs({{ percent }} * last_place - 100 * place), 0) as weight_of_{{ name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from ranked

),

percentiles as (

    select
        event_date,
        {%- for name in percents %}
        sum({{ as_double('lateness') }} * weight_of_{{ name }}) / 100000000 as {{ name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    from weighed
    where
        {%- for name in percents %}
        {{ 'or ' if not loop.first }}weight_of_{{ name }} > 0
        {%- endfor %}
    group by event_date

)

select
    totals.event_date as date,
    {%- for column in ['lines', 'events', 'duplicates', 'quarantined'] %}
    cast(totals.{{ column }} as bigint) as {{ column }},
    {%- endfor %}
    {{ rate('totals.quarantined', 'totals.lines') }} as quarantined_share,
    totals.newest_event_ts,
    {%- for column in ['late_1_day', 'late_2_days_or_more', 'with_ingested_at'] %}
    cast(totals.{{ column }} as bigint) as {{ column }},
    {%- endfor %}
    percentiles.median as median_lateness_seconds,
    percentiles.p95 as p95_lateness_seconds
from totals
left join percentiles on totals.event_date = percentiles.event_date
