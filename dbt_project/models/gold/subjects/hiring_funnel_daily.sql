{{ config(**whole_config(cluster_by=['applied_date', 'company_id'])) }}
{%- set stages = stages_of_hiring()[1:] %}
{#- name: (days, the instant that is to lie within them) #}
{%- set horizons = {
    'responded_7d': (7, 'first_response_at'),
    'interview_30d': (30, 'interview_or_later_at'),
    'placed_60d': (60, 'placed_at'),
} %}

with applications as (

    select
        waits.applied_date,
        waits.company_id,
        waits.category,
        waits.channel,
        waits.applied_at,
        {%- for stage in stages %}
        applications.reached_{{ stage }},
        {%- endfor %}
        applications.qualified_at,
        applications.disqualified_at,
        applications.status,
        applications.is_open,
        applications.first_response_at,
        {{ earlier_of(
            earlier_of('applications.interview_at', 'applications.offered_at'),
            'applications.placed_at'
        ) }} as interview_or_later_at,
        applications.placed_at
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('applications') }} as applications
        on waits.application_id = applications.application_id

),

counted as (

    select
        applied_date,
        {{ groups_of_hiring() | indent(4) }},
        count(*) as applications,
        {%- for stage in stages %}
        {{ count_where('reached_' ~ stage) }} as reached_{{ stage }},
        {%- endfor %}
        count(qualified_at) as qualified,
        count(disqualified_at) as disqualified,
        {{ count_where("status = 'rejected'") }} as rejected,
        {{ count_where("status = 'withdrawn'") }} as withdrawn,
        {{ count_where('is_open') }} as {{ adapter.quote('open') }},
        {%- for name, (days, instant) in horizons.items() %}
        {{ count_where(within_days(days, 'applied_at', instant)) }} as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from applications
    {{ group_by_dimensions_of_hiring('applied_date') }}

),

-- Before everybody could have come so far, there is nothing to tell.
matured as (

    select
        {{ all_but('counted', horizons.keys() | list) }},
        {%- for name, (days, _) in horizons.items() %}
        {{ where_mature('counted.' ~ name, 'counted.applied_date', days) }}
            as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date('counted.applied_date') }}

)

select
    applied_date,
    company_id_group as company_id,
    category_group as category,
    channel_group as channel,
    applications,
    {%- for stage in stages %}
    reached_{{ stage }},
    {%- endfor %}
    qualified,
    disqualified,
    rejected,
    withdrawn,
    {{ adapter.quote('open') }},
    {%- for stage in stages %}
    {{ rate('reached_' ~ stage, 'applications' if loop.first else 'reached_' ~ loop.previtem) }}
        as {{ stage }}_rate,
    {%- endfor %}
    {{ rate('reached_placed', 'applications') }} as placed_overall,
    {%- for name in horizons %}
    {{ name }},
    {{ rate(name, 'applications') }} as {{ name }}_rate{{ ',' if not loop.last }}
    {%- endfor %}
from matured
