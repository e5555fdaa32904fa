{{ config(**whole_config(cluster_by=['campaign_id', 'event_date'])) }}
{%- set columns = ['company_id', 'status', 'budget_amount', 'budget_currency', 'budget_period'] %}
{%- set next_month = first_date_of('month', add_days(first_date_of('month', 'given.event_date'), 31)) %}

with campaign_members as (

    {{ members_of('campaign', also=columns + ['starts_at', 'ends_at', 'closed_at']) }}

),

dates_with_events as (

    select distinct
        campaign_id,
        event_date
    from {{ ref('performance_events') }}
    where campaign_id <> 0 and counted_as in ({{ quoted_list(counts_of_deeds()) }})

),

last_versions as (

    select
        members.campaign_id,
        members.starts_at,
        least(coalesce(members.ends_at, members.closed_at), coalesce(members.closed_at, members.ends_at))
            as ends_at
    from campaign_members as members
    cross join {{ ref('last_date') }} as last_date
    where members.campaign_id <> 0 and members.valid_from < last_date.closes_at
    qualify row_number() over (partition by members.campaign_id order by members.valid_from desc) = 1

),

beginnings as (

    select
        campaign_id,
        event_date as begins_on
    from dates_with_events
    union all
    select
        campaign_id,
        {{ date_of_timestamp('starts_at') }} as begins_on
    from last_versions

),

first_dates as (

    select
        campaign_id,
        min(begins_on) as begins_on
    from beginnings
    where begins_on is not null
    group by campaign_id

),

spans as (

    select
        first_dates.campaign_id,
        greatest(first_dates.begins_on, date '{{ partitions_start() }}') as first_date,
        least(
            coalesce(
                {{ date_of_micros(micros_of_timestamp('last_versions.ends_at') ~ ' - 1') }},
                last_date.last_date
            ),
            last_date.last_date
        ) as last_date
    from first_dates
    cross join {{ ref('last_date') }} as last_date
    left join last_versions on first_dates.campaign_id = last_versions.campaign_id

),

dates as (

    select
        spans.campaign_id,
        event_date
    from spans
    cross join {{ unnested(date_array('spans.first_date', 'spans.last_date'), 'event_date') }}
    union distinct
    select
        campaign_id,
        event_date
    from dates_with_events

),

given as (

    select
        campaign_id,
        event_date,
        {{ start_of_date(add_days('event_date', 1)) }} as closes_at,
        {{ timestamp_of_micros(days_of_date(add_days('event_date', 1)) ~ ' * 86400000000 - 1') }}
            as last_instant
    from dates

),

states as (

    select
        given.event_date,
        given.campaign_id,
        campaign_members.valid_from < given.closes_at
        and (campaign_members.valid_to is null or campaign_members.valid_to >= given.closes_at) as has_state,
        campaign_members.starts_at,
        campaign_members.ends_at,
        {%- for column in columns %}
        campaign_members.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from given
    {{ as_of('campaign', 'given.campaign_id', 'given.last_instant') }}

),

periods as (

    select
        event_date,
        campaign_id,
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        budget_amount is not null and budget_currency is not null and budget_period is not null as has_budget,
        {{ date_of_timestamp('starts_at') }} as starts_on,
        {{ date_of_micros(micros_of_timestamp('ends_at') ~ ' - 1') }} as ends_on
    from states
    where has_state

)

select
    given.event_date,
    given.campaign_id,
    periods.company_id,
    periods.status,
    periods.budget_amount,
    periods.budget_currency,
    periods.budget_period,
    coalesce(periods.has_budget, false) as has_budget,
    case
        when not periods.has_budget then null
        when periods.budget_period = 'day' then given.event_date
        when periods.budget_period = 'week' then {{ first_date_of('week', 'given.event_date') }}
        when periods.budget_period = 'month' then {{ first_date_of('month', 'given.event_date') }}
        else periods.starts_on
    end as period_first_date,
    case
        when not periods.has_budget then null
        when periods.budget_period = 'day' then given.event_date
        when periods.budget_period = 'week' then {{ add_days(first_date_of('week', 'given.event_date'), 6) }}
        when periods.budget_period = 'month'
            then {{ add_days(next_month, -1) }}
        else periods.ends_on
    end as period_last_date
from given
left join periods on given.event_date = periods.event_date and given.campaign_id = periods.campaign_id
