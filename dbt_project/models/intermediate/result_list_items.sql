{{ config(**replace_window_config('event_date', cluster_by=['search_id', 'job_id'])) }}

-- A list that was shown in the window may have begun before it: where it belongs, all its impressions decide.
with shown_in_window as (

    select distinct search_id
    from {{ ref('events') }}
    where
        event_name = 'impression'
        and search_id is not null
        and {{ in_window('event_date') }}

),

impressions as (

    select
        search_id,
        job_id,
        event_id,
        event_date,
        {{ micros_of_timestamp('event_ts') }} as micros,
        surface,
        unit_id,
        experiments,
        rank_position
    from {{ ref('events') }}
    where
        event_name = 'impression'
        and search_id in (select shown_in_window.search_id from shown_in_window)
        and {{ list_reach('event_date') }}

),

beginnings as (

    select
        search_id,
        min(micros) as micros
    from impressions
    group by search_id

),

first_impressions as (

    select
        impressions.*,
        row_number() over (partition by impressions.search_id order by impressions.event_id) as tie_number
    from impressions
    inner join beginnings
        on
            impressions.search_id = beginnings.search_id
            and impressions.micros = beginnings.micros

),

lists as (

    select
        search_id,
        event_date,
        surface,
        unit_id,
        experiments,
        micros
    from first_impressions
    where tie_number = 1 and {{ in_window('event_date') }}

),

items as (

    select
        search_id,
        job_id,
        min(rank_position) as rank_position,
        min(micros) as micros
    from impressions
    where search_id in (select lists.search_id from lists)
    group by search_id, job_id

),

actions as (

    select
        search_id,
        job_id,
        event_name,
        {{ micros_of_timestamp('event_ts') }} as micros
    from {{ ref('events') }}
    where
        event_name in ('click', 'apply')
        and search_id in (select lists.search_id from lists)
        and {{ list_reach('event_date') }}

),

first_actions as (

    select
        items.search_id,
        items.job_id,
        min(case when actions.event_name = 'click' then actions.micros end) as click_micros,
        min(case when actions.event_name = 'apply' then actions.micros end) as apply_micros
    from items
    inner join actions
        on
            items.search_id = actions.search_id
            and items.job_id = actions.job_id
    where
        actions.micros >= items.micros
        and actions.micros < items.micros + {{ attribution_micros() }}
    group by items.search_id, items.job_id

)

select
    lists.event_date,
    lists.search_id,
    items.job_id,
    lists.surface,
    lists.unit_id,
    lists.experiments,
    {{ timestamp_of_micros('lists.micros') }} as list_first_shown_at,
    items.rank_position,
    {{ timestamp_of_micros('items.micros') }} as first_shown_at,
    first_actions.click_micros is not null as clicked,
    first_actions.apply_micros is not null as applied,
    {{ timestamp_of_micros('first_actions.click_micros') }} as first_clicked_at,
    cast(
        case
            when first_actions.apply_micros is not null then 2
            when first_actions.click_micros is not null then 1
            else 0
        end as bigint
    ) as gain
from items
inner join lists on items.search_id = lists.search_id
left join first_actions
    on
        items.search_id = first_actions.search_id
        and items.job_id = first_actions.job_id
