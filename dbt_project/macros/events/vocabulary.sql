{# The words of the event contract. #}

{% macro event_names() -%}
    {{ return([
        'session_start', 'search', 'impression', 'click', 'apply', 'signup',
        'job_view', 'apply_start', 'application_status', 'login', 'profile_update', 'bookmark',
    ]) }}
{%- endmacro %}

{% macro event_names_with_job() -%}
    {{ return(['impression', 'click', 'job_view', 'apply', 'apply_start', 'application_status', 'bookmark']) }}
{%- endmacro %}

{% macro surfaces() -%}{{ return(['search', 'recommendation', 'email', 'external', 'direct']) }}{%- endmacro %}

{% macro platforms() -%}{{ return(['web', 'ios', 'android', 'backend']) }}{%- endmacro %}

{% macro device_types() -%}{{ return(['desktop', 'mobile', 'tablet']) }}{%- endmacro %}

{% macro application_statuses() -%}
    {{ return([
        'submitted', 'reviewed', 'shortlisted', 'qualified', 'disqualified',
        'interview', 'offered', 'placed', 'rejected', 'withdrawn',
    ]) }}
{%- endmacro %}

{# The first of the reasons that applies decides. #}
{% macro quarantine_reasons() -%}
    {{ return([
        'line_too_long', 'not_utf8', 'not_json', 'not_an_object', 'unsupported_schema_version',
        'missing_event_id', 'unknown_event_name', 'bad_event_ts', 'event_ts_in_future', 'event_ts_too_old',
        'missing_identity', 'missing_job_id', 'missing_search_id', 'bad_rank_position',
        'incomplete_experiment', 'bad_application_status', 'bad_field_type',
    ]) }}
{%- endmacro %}

{% macro string_fields() -%}
    {{ return([
        'anonymous_id', 'session_id', 'search_id', 'search_query', 'ranker_version', 'experiment_id',
        'variant', 'application_id', 'platform', 'device_type', 'source',
    ]) }}
{%- endmacro %}

{% macro string_or_integer_fields() -%}{{ return(['user_id', 'job_id']) }}{%- endmacro %}

{% macro integer_fields() -%}
    {{ return(['results_count', 'rank_position', 'publisher_id', 'campaign_id', 'group_id']) }}
{%- endmacro %}

{# Every field that has a column of its own; all others go to `properties`. #}
{% macro known_fields() -%}
    {{ return(
        ['event_id', 'schema_version', 'event_name', 'event_ts', 'ingested_at', 'surface',
         'is_exploration', 'experiments', 'bid', 'currency', 'application_status']
        + string_fields() + string_or_integer_fields() + integer_fields()
    ) }}
{%- endmacro %}

{% macro quoted_list(words) -%}'{{ words | join("', '") }}'{%- endmacro %}
