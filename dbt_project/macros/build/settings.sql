{# Settings of the platform that the models read; the defaults are those of jobmatch_assets/settings.py. #}

{% macro partitions_start() -%}
    {{ return(env_var('JOBMATCH_PARTITIONS_START', '2019-01-01')) }}
{%- endmacro %}

{% macro dedup_window_days() -%}
    {{ return(env_var('JOBMATCH_DEDUP_WINDOW_DAYS', '7') | int) }}
{%- endmacro %}

{% macro default_currency() -%}
    {{ return(env_var('JOBMATCH_DEFAULT_CURRENCY', 'EUR')) }}
{%- endmacro %}
