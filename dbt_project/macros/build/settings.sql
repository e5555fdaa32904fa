{# Settings of the platform that the models read; the defaults are those of jobmatch_assets/settings/groups/. #}

{% macro partitions_start() -%}
    {{ return(env_var('JOBMATCH_PARTITIONS_START', '2019-01-01')) }}
{%- endmacro %}

{# The last date that has a partition; models that are built by hand know of none. #}
{% macro partitions_end() -%}
    {{ return(env_var('JOBMATCH_PARTITIONS_END', '') or '9999-12-31') }}
{%- endmacro %}

{# A file of the day before the first partition may hold events of it. #}
{% macro first_file_day() -%}
    {{ return(shifted(modules.datetime.date.fromisoformat(partitions_start()), -1)) }}
{%- endmacro %}

{% macro dedup_window_days() -%}
    {{ return(env_var('JOBMATCH_DEDUP_WINDOW_DAYS', '7') | int) }}
{%- endmacro %}

{# Names of events that are kept beside those of the contract. #}
{% macro other_event_names() -%}
    {{ return(env_var('JOBMATCH_OTHER_EVENT_NAMES', '').split()) }}
{%- endmacro %}

{% macro default_currency() -%}
    {{ return(env_var('JOBMATCH_DEFAULT_CURRENCY', 'EUR')) }}
{%- endmacro %}
