{{ config(**replace_window_config('_source_dt', cluster_by=['event_date', 'search_id'])) }}

-- The first build takes in what is staged already, so that no date of a list is missing.
{% set is_first_build = execute and load_cached_relation(this) is none %}
select distinct
    _source_dt,
    event_date,
    search_id
from {{ ref('stg_events') }}
where
    {{ in_ranges('_source_dt', none if is_first_build else window_ranges()) }}
    and reason is null
    and search_id is not null
    and event_name in ('impression', 'click', 'apply')
