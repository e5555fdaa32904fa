{{ config(**whole_config(cluster_by=['date'])) }}
{%- set date = adapter.quote('date') %}
{%- set statuses = ['active', 'pending', 'suspended'] %}

-- A version is the state at the close of the dates from that on which it begins to the one before it ends.
with states as (

    select
        versions.source,
        versions.user_id,
        {{ known('versions.role') }} as role,
        versions.status,
        {{ date_of_timestamp('versions.created_at') }} as created_on,
        {{ date_of_timestamp('versions.valid_from') }} as first_on,
        {{ date_of_timestamp('versions.valid_to') }} as over_on
    from {{ ref('user_versions') }} as versions
    cross join {{ ref('last_date') }} as last_dates
    where versions.valid_from < last_dates.closes_at

),

seen as (

    select
        *,
        lead(first_on) over (partition by source, user_id order by first_on) as next_on
    from states
    where over_on is null or first_on < over_on

),

-- What changed before the first partition counts as of the date before it, which has no row.
changes as (

    select
        greatest(first_on, date '{{ first_file_day() }}') as changed_on,
        role,
        status,
        1 as users,
        0 as new_registrations,
        0 as deleted
    from seen
    union all
    select
        greatest(over_on, date '{{ first_file_day() }}') as changed_on,
        role,
        status,
        -1 as users,
        0 as new_registrations,
        case when next_on = over_on then 0 else 1 end as deleted
    from seen
    where over_on is not null
    union all
    select
        created_on as changed_on,
        role,
        status,
        0 as users,
        1 as new_registrations,
        0 as deleted
    from seen
    where created_on >= first_on and (over_on is null or created_on < over_on)

),

changes_by_date as (

    select
        changed_on,
        {{ rolled_up('role') }} as role_group,
        sum(users) as users,
        {%- for status in statuses %}
        sum(case when status = '{{ status }}' then users else 0 end) as {{ status }}_users,
        {%- endfor %}
        sum(new_registrations) as new_registrations,
        sum(deleted) as deleted
    from changes
    group by
        grouping sets ( -- noqa: PRS
            (changed_on),
            (changed_on, role)
        )

),

roles as (

    select distinct role_group as role
    from changes_by_date

),

spans as (

    select
        greatest(min(changes_by_date.changed_on), date '{{ first_file_day() }}') as first_on,
        max(last_dates.last_date) as last_on
    from changes_by_date
    cross join {{ ref('last_date') }} as last_dates

),

dates as (

    select observed_on
    from spans
    cross join {{ unnested(date_array('spans.first_on', 'spans.last_on'), 'observed_on') }}

),

totals as (

    select
        dates.observed_on,
        roles.role,
        {%- for column in ['users', 'active_users', 'pending_users', 'suspended_users'] %}
        sum(coalesce(changes_by_date.{{ column }}, 0)) over (
            partition by roles.role order by dates.observed_on
            rows between unbounded preceding and current row
        ) as {{ column }},
        {%- endfor %}
        coalesce(changes_by_date.new_registrations, 0) as new_registrations,
        coalesce(changes_by_date.deleted, 0) as deleted
    from dates
    cross join roles
    left join changes_by_date
        on dates.observed_on = changes_by_date.changed_on and roles.role = changes_by_date.role_group

)

select
    observed_on as {{ date }},
    role,
    cast(users as bigint) as users,
    {%- for status in statuses %}
    cast({{ status }}_users as bigint) as {{ status }}_users,
    {%- endfor %}
    cast(new_registrations as bigint) as new_registrations,
    cast(deleted as bigint) as deleted
from totals
where
    observed_on >= date '{{ partitions_start() }}'
    and (users > 0 or deleted > 0)
