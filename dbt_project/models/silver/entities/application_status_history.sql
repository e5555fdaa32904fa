{{ config(**whole_config(cluster_by=['application_id'])) }}

with versions as (

    {{ told_once(ref('application_versions'), 'application_id') }}

),

last_versions as (

    {{ last_versions(ref('application_versions'), 'application_id') }}

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

-- Of equal ones the first origin counts; what is known by a time alone is a version's.
told_once as (

    select
        application_id,
        status,
        observed_at,
        min({{ rank_of_origin('origin') }}) as origin_rank,
        min(case when precision = 'exact' then 0 else 1 end) as is_bound
    from observations
    where status is not null and observed_at is not null
    group by application_id, status, observed_at

),

exactly as (

    select
        application_id,
        status,
        min(observed_at) as observed_at
    from told_once
    where is_bound = 0
    group by application_id, status

),

kept as (

    select *
    from told_once
    where is_bound = 0
    union all
    select told_once.*
    from told_once
    left join exactly
        on told_once.application_id = exactly.application_id and told_once.status = exactly.status
    where
        told_once.is_bound = 1
        and (exactly.observed_at is null or exactly.observed_at >= told_once.observed_at)

)

select
    application_id,
    status,
    observed_at as {{ adapter.quote('at') }},
    case is_bound when 0 then 'exact' else 'by' end as precision,
    {{ origin_of_rank('origin_rank') }} as origin
from kept
