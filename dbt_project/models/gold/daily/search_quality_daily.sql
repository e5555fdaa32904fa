{{ config(**replace_window_config('event_date', cluster_by=['surface'])) }}

with searches as (

    select
        event_date,
        surface,
        results_count
    from {{ ref('events') }}
    where event_name = 'search' and {{ in_window('event_date') }}

),

lists as (

    select
        event_date,
        surface,
        search_id,
        sum(case when clicked then 1 else 0 end) as clicked_items,
        sum(case when clicked then {{ as_double('rank_position') }} else 0 end) as clicked_ranks,
        min({{ micros_of_timestamp('first_clicked_at') }})
            - min({{ micros_of_timestamp('list_first_shown_at') }})
            as micros_to_first_click
    from {{ ref('result_list_items') }}
    where {{ in_window('event_date') }}
    group by event_date, surface, search_id

),

actions as (

    select
        event_date,
        surface,
        event_name,
        search_id,
        job_id,
        {{ micros_of_timestamp('event_ts') }} as micros
    from {{ ref('events') }}
    where event_name in ('click', 'apply') and {{ in_window('event_date') }}

),

-- The items that these actions may belong to, of lists of any date.
items as (

    select
        search_id,
        job_id,
        min({{ micros_of_timestamp('event_ts') }}) as first_shown_micros
    from {{ ref('events') }}
    where
        event_name = 'impression'
        and search_id in (select actions.search_id from actions)
        and {{ list_reach('event_date') }}
    group by search_id, job_id

),

unattributed_actions as (

    select
        actions.event_date,
        actions.surface,
        actions.event_name
    from actions
    left join items
        on
            actions.search_id = items.search_id
            and actions.job_id = items.job_id
            and actions.micros >= items.first_shown_micros
            and actions.micros < items.first_shown_micros + {{ attribution_micros() }}
    where items.search_id is null

),

-- Searches, lists and unattributed actions, one row each.
observations as (

    select
        event_date,
        surface,
        1 as searches,
        case when results_count is not null then 1 else 0 end as counted_searches,
        case when results_count = 0 then 1 else 0 end as zero_result_searches,
        0 as lists,
        0 as abandoned_lists,
        0 as clicked_items,
        0 as clicked_ranks,
        0 as unattributed_clicks,
        0 as unattributed_applies
    from searches
    union all
    select
        event_date,
        surface,
        0 as searches,
        0 as counted_searches,
        0 as zero_result_searches,
        1 as lists,
        case when clicked_items = 0 then 1 else 0 end as abandoned_lists,
        clicked_items,
        clicked_ranks,
        0 as unattributed_clicks,
        0 as unattributed_applies
    from lists
    union all
    select
        event_date,
        surface,
        0 as searches,
        0 as counted_searches,
        0 as zero_result_searches,
        0 as lists,
        0 as abandoned_lists,
        0 as clicked_items,
        0 as clicked_ranks,
        case when event_name = 'click' then 1 else 0 end as unattributed_clicks,
        case when event_name = 'apply' then 1 else 0 end as unattributed_applies
    from unattributed_actions

),

totals as (

    select
        event_date,
        {{ rolled_up('surface') }} as surface_group,
        {%- for column in [
            'searches', 'counted_searches', 'zero_result_searches', 'lists', 'abandoned_lists',
            'clicked_items', 'clicked_ranks', 'unattributed_clicks', 'unattributed_applies'
        ] %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from observations
    group by
        grouping sets ( -- noqa: PRS
            (event_date),
            (event_date, surface)
        )

),

clicked_lists as (

    select
        event_date,
        surface as surface_group,
        micros_to_first_click
    from lists
    where micros_to_first_click is not null
    union all
    select
        event_date,
        '__all__' as surface_group,
        micros_to_first_click
    from lists
    where micros_to_first_click is not null

),

numbered_lists as (

    select
        *,
        row_number() over (partition by event_date, surface_group order by micros_to_first_click)
            as list_number,
        count(*) over (partition by event_date, surface_group) as clicked_lists
    from clicked_lists

),

-- The middle value, or the mean of the two in the middle.
medians as (

    select
        event_date,
        surface_group,
        avg(micros_to_first_click) / 1000000 as seconds_to_first_click
    from numbered_lists
    where list_number * 2 between clicked_lists and clicked_lists + 2
    group by event_date, surface_group

)

select
    totals.event_date,
    totals.surface_group as surface,
    cast(totals.searches as bigint) as searches,
    cast(totals.zero_result_searches as bigint) as zero_result_searches,
    cast(totals.counted_searches as bigint) as counted_searches,
    {{ rate('totals.zero_result_searches', 'totals.counted_searches') }} as zero_result_rate,
    cast(totals.lists as bigint) as lists,
    cast(totals.abandoned_lists as bigint) as abandoned_lists,
    {{ rate('totals.abandoned_lists', 'totals.lists') }} as abandonment_rate,
    cast(totals.clicked_items as bigint) as clicked_items,
    {{ rate('totals.clicked_ranks', 'totals.clicked_items') }} as mean_click_position,
    medians.seconds_to_first_click as median_seconds_to_first_click,
    cast(totals.unattributed_clicks as bigint) as unattributed_clicks,
    cast(totals.unattributed_applies as bigint) as unattributed_applies
from totals
left join medians
    on
        totals.event_date = medians.event_date
        and totals.surface_group = medians.surface_group
