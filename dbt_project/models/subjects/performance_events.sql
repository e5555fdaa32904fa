{{ config(**replace_touched_config(
    'event_date', days_after=click_attribution_days(), cluster_by=['event_date', 'job_id'], also=is_status()
)) }}
{%- set ids = charged_ids() %}
{%- set days = click_attribution_days() %}
{#- A touched date may take clicks from those before it, and give clicks to applies after it. -#}
{%- set is_replaced = in_touched('event_date', days_after=days) %}

with events as (

    select
        event_id,
        event_date,
        event_ts,
        {{ micros_of_timestamp('event_ts') }} as micros,
        {{ counted_as() }} as counted_as,
        unit_id,
        job_id,
        application_id,
        {%- for id in ids %}
        coalesce({{ id }}, 0) as own_{{ id }},
        {%- endfor %}
        coalesce({{ ids | join(', ') }}) is not null as has_own_ids,
        case when event_name = 'click' then {{ money_of_bid('bid') }} end as bid,
        currency,
        {{ known('source') }} as source
    from {{ ref('events') }}
    where
        {{ in_any_partition('event_date') }}
        -- Which ids a status has is told by applies of any date: all are looked at, and there are few.
        and (event_name = 'application_status' or {{ in_touched('event_date', days, days) }})
        and job_id is not null
        and (
            {%- for column in performance_counts() %}
            {{ 'or ' if not loop.first }}({{ is_counted_as(column) }})
            {%- endfor %}
        )

),

-- Clicks come before applies of their time. The number of a click is that of the clicks by then.
clicks_and_applies as (

    select
        *,
        sum(case when counted_as = 'clicks' then 1 else 0 end) over (
            partition by unit_id, job_id
            order by micros, case when counted_as = 'clicks' then 0 else 1 end, event_id
            rows between unbounded preceding and current row
        ) as clicks_by_then,
        max(case when counted_as = 'clicks' then micros end) over (
            partition by unit_id, job_id
            order by micros, case when counted_as = 'clicks' then 0 else 1 end, event_id
            rows between unbounded preceding and 1 preceding
        ) as last_click_micros
    from events
    where counted_as in ('clicks', 'conversion')

),

clicks as (

    select *
    from clicks_and_applies
    where counted_as = 'clicks'

),

-- An apply that takes ids names the click; a condition on the apply alone would make the join slow.
taking as (

    select
        *,
        case
            when not has_own_ids and micros < last_click_micros + {{ click_attribution_micros() }}
                then clicks_by_then
        end as click_number
    from clicks_and_applies
    where counted_as = 'conversion'

),

applies as (

    select
        taking.*,
        {%- for id in ids %}
        coalesce(clicks.own_{{ id }}, taking.own_{{ id }}) as {{ id }}{{ ',' if not loop.last }}
        {%- endfor %}
    from taking
    left join clicks
        on
            taking.unit_id = clicks.unit_id
            and taking.job_id = clicks.job_id
            and taking.click_number = clicks.clicks_by_then

),

applies_of_all_dates as (

    select
        application_id,
        micros,
        event_id,
        {{ ids | join(',\n        ') }}
    from applies
    where {{ is_replaced }}
    {%- if is_for_touched_dates() %}
    union all
    select
        application_id,
        {{ micros_of_timestamp('event_ts') }} as micros,
        event_id,
        {{ ids | join(',\n        ') }}
    from {{ this }}
    where counted_as = 'conversion' and not ({{ is_replaced }}) and {{ in_any_partition('event_date') }}
    {%- endif %}

),

first_applies as (

    select
        application_id,
        {{ ids | join(',\n        ') }}
    from applies_of_all_dates
    where application_id is not null
    qualify row_number() over (partition by application_id order by micros, event_id) = 1

),

versions as (

    {{ told_once(ref('application_versions'), 'application_id') }}

),

applications as (

    select
        versions.application_id,
        {%- for id in ids %}
        versions.{{ id }},
        {%- endfor %}
        coalesce(
            {%- for id in ids %}
            versions.{{ id }}{{ ',' if not loop.last }}
            {%- endfor %}
        ) is not null as has_ids
    from versions
    cross join {{ ref('last_date') }} as last_date
    where versions.valid_from < last_date.closes_at
    qualify row_number() over (partition by versions.application_id order by versions.valid_from desc) = 1

),

statuses as (

    select
        events.*,
        {%- for id in ids %}
        case
            when events.has_own_ids then events.own_{{ id }}
            when applications.has_ids then coalesce(applications.{{ id }}, 0)
            else coalesce(first_applies.{{ id }}, 0)
        end as {{ id }}{{ ',' if not loop.last }}
        {%- endfor %}
    from events
    left join applications on events.application_id = applications.application_id
    left join first_applies on events.application_id = first_applies.application_id
    where {{ is_status('events.counted_as') }}

),

resolved as (

    select
        event_id,
        event_date,
        event_ts,
        counted_as,
        job_id,
        application_id,
        {%- for id in ids %}
        own_{{ id }} as {{ id }},
        {%- endfor %}
        {%- for id in ids %}
        own_{{ id }},
        {%- endfor %}
        false as is_attributed,
        false as is_repeat,
        bid,
        currency,
        source
    from events
    where counted_as in ('impressions', 'job_views') and {{ is_replaced }}
    {%- for relation, is_attributed, is_repeat, is_built in [
        ('clicks', 'false', 'coalesce(micros - last_click_micros <= ' ~ repeat_micros() ~ ', false)', is_replaced),
        ('applies', 'click_number is not null', 'false', is_replaced),
        ('statuses', 'false', 'false', 'true'),
    ] %}
    union all
    select
        event_id,
        event_date,
        event_ts,
        counted_as,
        job_id,
        application_id,
        {%- for id in ids %}
        {{ 'own_' if relation == 'clicks' }}{{ id }}{{ ' as ' ~ id if relation == 'clicks' }},
        {%- endfor %}
        {%- for id in ids %}
        own_{{ id }},
        {%- endfor %}
        {{ is_attributed }} as is_attributed,
        {{ is_repeat }} as is_repeat,
        bid,
        currency,
        source
    from {{ relation }}
    where {{ is_built }}
    {%- endfor %}

)

select
    event_id,
    event_date,
    {{ hour_of('event_ts', 'event_date') }} as hour,
    event_ts,
    counted_as,
    job_id,
    application_id,
    {%- for id in ids %}
    {{ id }},
    {%- endfor %}
    {%- for id in ids %}
    own_{{ id }},
    {%- endfor %}
    is_attributed,
    is_repeat,
    bid,
    case when bid is not null then currency end as currency,
    source
from resolved
