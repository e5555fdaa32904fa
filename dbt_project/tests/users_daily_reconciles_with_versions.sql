-- On the last date, users of every role and status are those whose version holds at its close.
{{ config(meta={'dagster': {'ref': {'name': 'users_daily'}}}) }}
{%- set statuses = ['active', 'pending', 'suspended'] %}

with holding as (

    select
        {{ known('versions.role') }} as role,
        count(*) as users,
        {%- for status in statuses %}
        sum(case when versions.status = '{{ status }}' then 1 else 0 end)
            as {{ status }}_users{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('user_versions') }} as versions
    inner join {{ ref('last_date') }} as last_dates
        on
            versions.valid_from < last_dates.closes_at
            and (versions.valid_to is null or versions.valid_to >= last_dates.closes_at)
    group by 1

),

counted as (

    select days.*
    from {{ ref('users_daily') }} as days
    inner join {{ ref('last_date') }} as last_dates on days.{{ adapter.quote('date') }} = last_dates.last_date
    where days.role <> '__all__' and days.users > 0

)

select
    coalesce(counted.role, holding.role) as role,
    {%- for column in ['users', 'active_users', 'pending_users', 'suspended_users'] %}
    counted.{{ column }},
    holding.{{ column }} as {{ column }}_holding{{ ',' if not loop.last }}
    {%- endfor %}
from counted
full outer join holding on counted.role = holding.role
where
    counted.role is null
    or holding.role is null
    {%- for column in ['users', 'active_users', 'pending_users', 'suspended_users'] %}
    or counted.{{ column }} <> holding.{{ column }}
    {%- endfor %}
