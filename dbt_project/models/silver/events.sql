{{ config(**replace_window_config('event_date', cluster_by=['event_name', 'search_id'])) }}

with duplicates as (

    select
        event_date,
        _source_file,
        _source_sha256,
        _source_line
    from {{ ref('events_duplicates') }}
    where {{ in_window('event_date') }}

)

select
    lines.event_id,
    lines.event_date,
    lines.event_ts,
    lines.event_name,
    lines.schema_version,
    lines.ingested_at,
    coalesce(lines.user_id, lines.anonymous_id) as unit_id,
    lines.user_id,
    lines.anonymous_id,
    lines.session_id,
    lines.search_id,
    lines.search_query,
    lines.results_count,
    lines.surface,
    lines.rank_position,
    lines.is_exploration,
    lines.ranker_version,
    lines.experiments,
    lines.job_id,
    lines.publisher_id,
    lines.campaign_id,
    lines.group_id,
    lines.bid,
    lines.currency,
    lines.application_id,
    lines.application_status,
    lines.platform,
    lines.device_type,
    lines.source,
    lines.properties,
    lines._source_dt,
    lines._source_file,
    lines._source_sha256,
    lines._source_line
from {{ ref('stg_events') }} as lines
left join duplicates
    on
        lines.event_date = duplicates.event_date
        and lines._source_file = duplicates._source_file
        and lines._source_sha256 = duplicates._source_sha256
        and lines._source_line = duplicates._source_line
where
    lines.reason is null
    and duplicates._source_line is null
    and {{ staged_in_window('lines') }}
