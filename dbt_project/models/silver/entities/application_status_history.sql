{{ config(**whole_config(cluster_by=['application_id'])) }}

with versions as (

    {{ told_once(ref('application_versions'), 'application_id') }}

),

last_versions as (

    select *
    from versions
    qualify row_number() over (partition by application_id order by valid_from desc) = 1

),

observations as (

    select
        application_id,
        case when event_name = 'apply' then 'submitted' else application_status end as status,
        event_ts as observed_at,
        'exact' as precision,
        'event' as origin
    from {{ ref('events') }}
    where
        event_name in ('apply', 'application_status')
        and application_id is not null
        and {{ in_any_partition('event_date') }}
    {%- for status, column in {'submitted': 'applied_at', 'reviewed': 'reviewed_at'}.items() %}
    union all
    select
        application_id,
        '{{ status }}' as status,
        {{ column }} as observed_at,
        'exact' as precision,
        'column' as origin
    from last_versions
    {%- endfor %}
    union all
    select
        application_id,
        status,
        valid_from as observed_at,
        case when valid_from_is_bound then 'by' else 'exact' end as precision,
        'version' as origin
    from versions

),

told_once as (

    select *
    from observations
    where status is not null and observed_at is not null
    qualify
        row_number() over (
            partition by application_id, status, observed_at
            order by {{ rank_of_origin('origin') }}, precision desc
        ) = 1

),

compared as (

    select
        *,
        min(case when precision = 'exact' then observed_at end) over (partition by application_id, status)
            as first_exactly_at
    from told_once

)

select
    application_id,
    status,
    observed_at as {{ adapter.quote('at') }},
    precision,
    origin
from compared
where precision = 'exact' or first_exactly_at is null or first_exactly_at >= observed_at
