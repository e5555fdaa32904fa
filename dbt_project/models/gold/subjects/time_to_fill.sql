{{ config(**whole_config(cluster_by=['as_of_date'])) }}
{%- set day = adapter.quote('day') %}
{%- set horizons = [30, 60, 90] %}

with observed as (

    {{ observed_openings() }}

),

grouped as (

    select
        *,
        category as category_group
    from observed
    union all
    select
        *,
        '__all__' as category_group
    from observed

),

counts as (

    select
        as_of_date,
        category_group as category,
        sum(case when is_evergreen then 0 else openings end) as openings,
        sum(case when is_evergreen then openings else 0 end) as evergreen,
        sum(case when outcome = 'filled' and not is_evergreen then openings else 0 end) as filled,
        sum(case when outcome = 'closed' and not is_evergreen then openings else 0 end) as closed_unfilled,
        sum(case when end_reason = 'expired' and not is_evergreen then openings else 0 end) as expired,
        sum(case when outcome = 'filled' and not is_evergreen then days * openings end) as days_of_filled,
        max(case when not is_evergreen then days end) as longest,
        max(case when outcome is null and not is_evergreen then days end) as longest_wait
    from grouped
    group by as_of_date, category_group

),

shares as (

    select
        as_of_date,
        category,
        {%- for share in ['filled_share', 'closed_share'] %}
        {%- for horizon in horizons %}
        max(case when {{ day }} <= {{ horizon }} then {{ share }} end) as {{ share }}_{{ horizon }},
        {%- endfor %}
        {%- endfor %}
        min(case when filled_share >= 0.5 - {{ survival_tolerance() }} then {{ day }} end)
            as median_days_to_fill
    from {{ ref('time_to_fill_curve') }}
    group by as_of_date, category

),

fills as (

    select
        as_of_date,
        category,
        {{ day }} as days,
        at_risk,
        filled as ended
    from {{ ref('time_to_fill_curve') }}
    where filled > 0

),

-- As if a closed opening had waited on, nobody knows until when: it is at risk for as long.
waiting as (

    {{ survivors('fills', ['as_of_date', 'category'], 'days') }}

),

medians as (

    select
        as_of_date,
        category,
        {{ median_of_survival('days') }} as median_days_to_fill_if_not_closed
    from waiting
    group by as_of_date, category

)

select
    counts.as_of_date,
    counts.category,
    cast(counts.openings as bigint) as openings,
    cast(counts.filled as bigint) as filled,
    cast(counts.closed_unfilled as bigint) as closed_unfilled,
    cast(counts.openings - counts.filled - counts.closed_unfilled as bigint) as still_open,
    cast(counts.evergreen as bigint) as evergreen,
    {%- for share in ['filled_share', 'closed_share'] %}
    {%- for horizon in horizons %}
    case
        when counts.longest >= {{ horizon }} or counts.longest > coalesce(counts.longest_wait, -1)
            then coalesce(shares.{{ share }}_{{ horizon }}, 0)
    end as {{ share }}_{{ horizon }},
    {%- endfor %}
    {%- endfor %}
    shares.median_days_to_fill,
    medians.median_days_to_fill_if_not_closed,
    {{ rate('counts.days_of_filled', 'counts.filled') }} as mean_days_filled_only,
    {{ rate('counts.expired', '(counts.filled + counts.closed_unfilled)') }} as expiry_rate
from counts
left join shares
    on counts.as_of_date = shares.as_of_date and counts.category = shares.category
left join medians
    on counts.as_of_date = medians.as_of_date and counts.category = medians.category
