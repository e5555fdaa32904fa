{{ config(**whole_config(cluster_by=['date', 'company_id'])) }}
{%- set statuses = [
    'reviewed', 'shortlisted', 'qualified', 'disqualified', 'interview', 'offered', 'placed', 'rejected', 'withdrawn'
] %}

with first_times as (

    select
        application_id,
        status,
        {{ date_of_timestamp('min(' ~ adapter.quote('at') ~ ')') }} as happened_on
    from {{ ref('application_status_history') }}
    where status in ({{ quoted_list(statuses) }})
    group by application_id, status

),

happened as (

    select
        applied_date as happened_on,
        company_id,
        category,
        channel,
        'applied' as what
    from {{ ref('application_waits') }}
    union all
    select
        first_times.happened_on,
        waits.company_id,
        waits.category,
        waits.channel,
        first_times.status as what
    from first_times
    inner join {{ ref('application_waits') }} as waits on first_times.application_id = waits.application_id

),

dated as (

    select happened.*
    from happened
    cross join {{ ref('last_date') }} as last_date
    where {{ is_counted_date('happened.happened_on') }}

),

counted as (

    select
        happened_on,
        {{ groups_of_hiring() | indent(4) }},
        {{ count_where("what = 'applied'") }} as applications,
        {%- for status in statuses %}
        {{ count_where("what = '" ~ status ~ "'") }} as {{ status }}{{ ',' if not loop.last }}
        {%- endfor %}
    from dated
    {{ group_by_dimensions_of_hiring('happened_on') }}

)

select
    happened_on as {{ adapter.quote('date') }},
    {%- for column in dimensions_of_hiring() %}
    {{ column }}_group as {{ column }},
    {%- endfor %}
    applications,
    {{ statuses | join(',\n    ') }}
from counted
