{# What jobs and campaigns get for their money: the events that count, and the rows that they make. #}

{# The ids that tell who is charged for a job. #}
{% macro charged_ids() -%}{{ return(['publisher_id', 'campaign_id', 'group_id']) }}{%- endmacro %}

{# An apply takes its ids from a click before it within this time. #}
{% macro click_attribution_days() -%}{{ return(7) }}{%- endmacro %}

{% macro click_attribution_micros() -%}{{ return(click_attribution_days() * 24 * 3600 * 1000000) }}{%- endmacro %}

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

{# A predicate: an event of performance_events is an answer to an application. #}
{% macro is_status(counted_as='counted_as') -%}
    {{ counted_as }} in ('qualified_application', 'disqualified_application')
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
  company_id (as of the first event), sources and latest_update_time. Where a model is built for touched dates, of those, so
  many days after each, and of a job on a date where rows of the model are not as they should be (changed_hours).

  ids: {column: the column of performance_events that it is}.
  named: what the model calls event_date and hour.
#}
{% macro performance_by_hour(ids, sums, condition='true', days_after=0, named=['event_date', 'hour']) -%}
    with
    {%- if is_for_touched_dates() %}
    changed_hours as (

        {{ changed_hours(ids, sums, condition, named) }}

    ),
    {% endif %}
    counted as (

        {{ hours_of_events(ids, sums) }}
        where
            {{ condition }}
            and (
                {{ in_touched('event_date', days_after=days_after) }}
                {%- if is_for_touched_dates() %}
                or (event_date, job_id) in (select (changed.event_date, changed.job_id) from changed_hours as changed)
                {%- endif %}
            )
        {{ by_hour(ids) }}

    ),

    job_members as (

        {{ members_of('job', also=['company_id'], of='counted' if is_for_touched_dates() else none) }}

    )

    {{ with_companies('counted', ids, sums, condition) }}
{%- endmacro %}

{% macro hours_of_events(ids, sums) -%}
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
            min(source) as first_source,
            max(source) as last_source
        from {{ ref('performance_events') }}
{%- endmacro %}

{% macro by_hour(ids) -%}group by event_date, hour, job_id, {{ ids.values() | join(', ') }}{%- endmacro %}

{#
  Rows of hours_of_events with the company, as job_members have it, and the sources; hardly any has several, and to list those
  of all takes long.
#}
{% macro with_companies(hours, ids, sums, condition) -%}
    {%- set grain = {'event_date': 'event_date', 'hour': 'hour', 'job_id': 'job_id'} -%}
    {%- do grain.update(ids) -%}
    select
        {{ hours }}.event_date,
        {{ hours }}.hour,
        {{ hours }}.job_id,
        {%- for column in ids.keys() | list + sums.keys() | list %}
        {{ hours }}.{{ column }},
        {%- endfor %}
        {{ known('job_members.company_id') }} as company_id,
        coalesce(several.sources, {{ hours }}.first_source) as sources,
        {{ hours }}.latest_update_time
    from {{ hours }}
    left join (
        select
            {%- for column in grain %}
            mixed.{{ column }},
            {%- endfor %}
            string_agg(distinct events.source, ',' order by events.source) as sources
        from {{ ref('performance_events') }} as events
        inner join {{ hours }} as mixed
            on
                {%- for column, of_event in grain.items() %}
                {{ 'and ' if not loop.first }}events.{{ of_event }} = mixed.{{ column }}
                {%- endfor %}
        where {{ condition }} and mixed.first_source <> mixed.last_source
        group by {% for column in grain %}mixed.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
    ) as several
        on
            {%- for column in grain %}
            {{ 'and ' if not loop.first }}{{ hours }}.{{ column }} = several.{{ column }}
            {%- endfor %}
    {{ as_of('job', hours ~ '.job_id', hours ~ '.first_event_at') }}
{%- endmacro %}

{#
  A SELECT with dates and jobs of which a row of the model has not the company that the job has, or an answer to an
  application counts for other ids than it has. Only these may change while no event does. Such rows are made again and
  compared with those that are there; a job that always had one company, and has it in all rows, needs no look.
#}
{% macro changed_hours(ids, sums, condition, named) -%}
    {%- set counts = sums.keys() | select('in', performance_counts().keys() | list) | list -%}
    {%- set compared = counts + ['company_id', 'sources', 'latest_update_time'] -%}
    with shown as (

        select
            job_id,
            min(company_id) as least,
            max(company_id) as greatest
        from {{ this }}
        group by job_id

    ),

    companies as (

        select
            job_id,
            min({{ known('company_id') }}) as least,
            max({{ known('company_id') }}) as greatest
        from ({{ members_of('job', also=['company_id'], of='shown') }}) as shown_members
        group by job_id

    ),

    moving_jobs as (

        select shown.job_id
        from shown
        left join companies on shown.job_id = companies.job_id
        where
            shown.least <> shown.greatest
            or shown.least <> {{ known('companies.least') }}
            or shown.greatest <> {{ known('companies.greatest') }}

    ),

    hours_of_answers as (

        select
            event_date,
            hour,
            job_id
        from {{ ref('performance_events') }}
        where {{ is_status() }}

    ),

    doubtful as (

        {{ hours_of_events(ids, sums) }}
        where
            {{ condition }}
            and (
                job_id in (select moving_jobs.job_id from moving_jobs)
                or (event_date, hour, job_id) in (
                    select (answers.event_date, answers.hour, answers.job_id) from hours_of_answers as answers
                )
            )
        {{ by_hour(ids) }}

    ),

    job_members as (

        {{ members_of('job', also=['company_id'], of='doubtful') }}

    ),

    expected as (

        {{ with_companies('doubtful', ids, sums, condition) }}

    )

    -- A join finds the few that are expected; to compare all columns of all hours would take longer.
    select distinct
        expected.event_date,
        expected.job_id
    from expected
    left join {{ this }} as shown
        on
            expected.event_date = shown.{{ named[0] }}
            and expected.hour = shown.{{ named[1] }}
            and expected.job_id = shown.job_id
            {%- for column in ids %}
            and expected.{{ column }} = shown.{{ column }}
            {%- endfor %}
    where
        shown.job_id is null
        {%- for column in compared %}
        or expected.{{ column }} is distinct from shown.{{ column }}
        {%- endfor %}
{%- endmacro %}
