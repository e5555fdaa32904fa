-- In every column, the roles of a date add up to all together.
{{ config(meta={'dagster': {'ref': {'name': 'users_daily'}}}) }}
{%- set date = adapter.quote('date') %}
{%- set counts = [
    'users', 'active_users', 'pending_users', 'suspended_users', 'new_registrations', 'deleted'
] %}

with sums as (

    select
        {{ date }},
        {%- for column in counts %}
        sum(case when role = '__all__' then {{ column }} else 0 end) as {{ column }},
        sum(case when role <> '__all__' then {{ column }} else 0 end)
            as {{ column }}_of_roles{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('users_daily') }}
    where {{ in_window(date) }}
    group by {{ date }}

)

select *
from sums
where
    {%- for column in counts %}
    {{ 'or ' if not loop.first }}{{ column }} <> {{ column }}_of_roles
    {%- endfor %}
