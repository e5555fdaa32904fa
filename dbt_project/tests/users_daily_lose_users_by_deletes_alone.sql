-- Users get fewer by the deleted ones at most, who were there on the date before; no date is missing.
{{ config(meta={'dagster': {'ref': {'name': 'users_daily'}}}) }}
{%- set date = adapter.quote('date') %}

with days as (

    select
        {{ date }} as counted_on,
        users,
        deleted
    from {{ ref('users_daily') }}
    where role = '__all__'

)

select
    days.counted_on,
    days.users as users_before,
    next_days.users,
    next_days.deleted
from days
cross join {{ ref('last_date') }} as last_dates
left join days as next_days on {{ add_days('days.counted_on', 1) }} = next_days.counted_on
where
    days.counted_on < last_dates.last_date
    and (
        coalesce(next_days.users, 0) + coalesce(next_days.deleted, 0) < days.users
        or next_days.deleted > days.users
    )
