{# What jobs and campaigns get for their money: the events that count, and the rows that they make. #}

{# The ids that tell who is charged for a job. #}
{% macro charged_ids() -%}{{ return(['publisher_id', 'campaign_id', 'group_id']) }}{%- endmacro %}

{# An apply takes its ids from a click before it within this time. #}
{% macro click_attribution_micros() -%}{{ return(7 * 24 * 3600 * 1000000) }}{%- endmacro %}

{# A click at most so long after the one before it, of the same unit on the same job, repeats that. #}
{% macro repeat_micros() -%}{{ return(10 * 1000000) }}{%- endmacro %}

{# The counts, and the events that they are of: {column: (event_name, application_status or none)}. #}
{% macro performance_counts() -%}
    {{ return({
        'impressions': ('impression', none),
        'clicks': ('click', none),
        'job_views': ('job_view', none),
        'conversion': ('apply', none),
        'qualified_application': ('application_status', 'qualified'),
        'disqualified_application': ('application_status', 'disqualified'),
    }) }}
{%- endmacro %}

{# The counts of what is done about a job, beside those of it being shown and read. #}
{% macro counts_of_deeds() -%}
    {{ return(['clicks', 'conversion', 'qualified_application', 'disqualified_application']) }}
{%- endmacro %}

{# A predicate: the event is one of those that a column counts. #}
{% macro is_counted_as(column) -%}
    {%- set event_name, status = performance_counts()[column] -%}
    event_name = '{{ event_name }}'{% if status %} and application_status = '{{ status }}'{% endif %}
{%- endmacro %}

{# The column that counts an event; NULL where none does. #}
{% macro counted_as() -%}
    case
        {%- for column in performance_counts() %}
        when {{ is_counted_as(column) }} then '{{ column }}'
        {%- endfor %}
    end
{%- endmacro %}

{# How many rows of performance_events a column counts. #}
{% macro count_of(column) -%}
    cast(sum(case when counted_as = '{{ column }}' then 1 else 0 end) as bigint)
{%- endmacro %}

{# The UTC hour of an instant, 0 to 23. #}
{% macro hour_of(instant, date) -%}
    {%- set micros = micros_of_timestamp(instant) ~ ' - ' ~ days_of_date(date) ~ ' * 86400000000' -%}
    cast({{ adapter.dispatch('quotient_of_integers')(micros, 3600000000) }} as bigint)
{%- endmacro %}

{#
  A SELECT with a row per date, hour, job and ids of performance_events: sums, a mapping of columns to aggregates, and
  company_id (as of the first event), sources and latest_update_time.

  ids: {column: the column of performance_events that it is}.
#}
{% macro performance_by_hour(ids, sums, condition='true') -%}
    with job_members as (

        {{ members_of('job', also=['company_id']) }}

    ),

    counted as (

        select
            event_date,
            hour,
            job_id,
            {%- for column, of_event in ids.items() %}
            {{ of_event }} as {{ column }},
            {%- endfor %}
            {%- for column, aggregate in sums.items() %}
            {{ aggregate }} as {{ column }},
            {%- endfor %}
            min(event_ts) as first_event_at,
            max(event_ts) as latest_update_time,
            string_agg(distinct source, ',' order by source) as sources
        from {{ ref('performance_events') }}
        where {{ condition }}
        group by event_date, hour, job_id, {{ ids.values() | join(', ') }}

    )

    select
        counted.event_date,
        counted.hour,
        counted.job_id,
        {%- for column in ids.keys() | list + sums.keys() | list %}
        counted.{{ column }},
        {%- endfor %}
        {{ known('job_members.company_id') }} as company_id,
        counted.sources,
        counted.latest_update_time
    from counted
    {{ as_of('job', 'counted.job_id', 'counted.first_event_at') }}
{%- endmacro %}
