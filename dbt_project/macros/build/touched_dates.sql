{#
  Which dates change with the lines of the window's files that are not staged yet, by stage: rows of the rebuild
  queue.

  feed: the feed.
  stages: [{name, days_before, days_after, links, of_rejected}]: how far a date of the stage reads around itself,
      whether it also reads whatever shares a link, wherever that lies, and whether rejected lines count in it.
  is_compared: whether lines of the window were kept, to be compared with what they say now.
#}
{% macro touched_dates(feed, stages, is_compared) -%}
    {%- set changes = changes_of(feed) -%}
    {%- set columns = touching_columns(changes) -%}
    {%- set date = changes.date -%}
    {%- set days = dedup_window_days() if changes.identity else 0 -%}
    {%- set reach = (stages | map(attribute='days_before') | list)
        + (stages | map(attribute='days_after') | list) + [0] -%}
    {%- set near = near_ranges(feed, changes, is_compared, days + reach | max, days + reach | max) -%}
    {#- A file holds no date later than the day after its own. -#}
    {%- set first_file_day_near = shifted(near[0][0], -1) -%}
    {%- set has_rivals = changes.identity and (is_compared or has_other_files(feed, first_file_day_near)) -%}

with new_lines as (

    {{ changed_lines(feed, columns, is_compared) }}

),

new_rows as (

    select *
    from new_lines
    where {{ counts('new_lines', changes) }}

),
{% if has_rivals %}
-- Lines that may win or lose against a new one, or one that was there.
rivals as (

    select
        {%- for column in columns %}
        lines.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ staging_relation(feed) }} as lines
    inner join (
        select distinct
            {{ changes.identity }},
            {{ date }}
        from new_rows
    ) as new_rows on lines.{{ changes.identity }} = new_rows.{{ changes.identity }}
    where
        {{ counts('lines', changes) }}
        and abs({{ days_of_date('lines.' ~ date) }} - {{ days_of_date('new_rows.' ~ date) }}) <= {{ days }}
        and {{ in_ranges('lines.' ~ date, near) }}
        and lines._source_dt >= date '{{ first_file_day_near }}'

),
{% endif %}
changed_rows as (

    select *
    from new_rows
    {%- if has_rivals %}
    union all
    select *
    from rivals
    {%- endif %}

),

-- Dates that other dates may read: by the lines that count, and by all.
changed as (

    select distinct
        {{ date }} as event_date
        {%- for column in changes.links %},
        {{ column }}
        {%- endfor %}
    from changed_rows

),

changed_or_rejected as (

    select {{ date }} as event_date
    from new_lines
    {%- if changes.entity %}
    -- A part of a dump may be empty, and completes it.
    union distinct
    select files.dt as event_date
    from {{ source('bronze', 'files') }} as files
    where files.feed = '{{ feed }}' and files.outcome = 'loaded' and {{ in_window('files.dt') }} and not files.staged
    {%- endif %}
    union distinct
    select event_date
    from changed

),

dates_with_lines as (

    select distinct lines.{{ date }} as event_date
    from {{ staging_relation(feed) }} as lines
    where
        {{ in_ranges('lines.' ~ date, near) }}
        and lines._source_dt >= date '{{ first_file_day_near }}'

),
{% if changes.experiments %}
-- A line without an experiment changes no results.
stamps as (

    {{ distinct_of_elements('changed_rows', date, changes.experiments, 'experiment_id') }}

),
{% endif %}
to_build as (

    select
        'silver' as stage,
        event_date,
        event_date as cause_date,
        cast(null as string) as experiment_id
    from changed_or_rejected
    {%- for stage in stages %}
    {%- set dates = 'changed_or_rejected' if stage.of_rejected or changes.entity else 'changed' %}
    {%- for offset in range(-stage.days_after, stage.days_before + 1) %}
    union distinct
    select
        '{{ stage.name }}',
        {{ add_days(dates ~ '.event_date', offset) }},
        {{ dates }}.event_date,
        null
    from {{ dates }}
    {%- if offset != 0 %}
    where
        {{ add_days(dates ~ '.event_date', offset) }} in (
            select dates_with_lines.event_date
            from dates_with_lines
        )
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
    {%- set linked_stages = stages | selectattr('links') | list %}
    {%- for column, model in (changes.links if linked_stages else {}).items() %}
    -- What shares a link may lie on any date: it is looked up once for all stages.
    union distinct
    select
        linked_stages.stage,
        found.event_date,
        changed.event_date,
        null
    from {{ relation_of(model) }} as found
    inner join changed on found.{{ column }} = changed.{{ column }}
    cross join (
        {%- for stage in linked_stages %}
        {{ 'union all' if not loop.first }}
        select
            '{{ stage.name }}' as stage,
            {{ stage.days_before }} as days_before,
            {{ stage.days_after }} as days_after
        {%- endfor %}
    ) as linked_stages
    where
        found._source_dt >= date '{{ first_file_day() }}'
        and (
            {{ days_of_date('found.event_date') }} < {{ days_of_date('changed.event_date') }} - linked_stages.days_after
            or {{ days_of_date('found.event_date') }} > {{ days_of_date('changed.event_date') }} + linked_stages.days_before
        )
    {%- endfor %}
    {%- if changes.experiments %}
    union distinct
    select
        'experiments',
        event_date,
        event_date,
        experiment_id
    from stamps
    {%- endif %}

)

select
    stage,
    event_date,
    cause_date,
    experiment_id
from to_build
where event_date is not null
{%- endmacro %}

{#
  Whether the ledger has files beside those that are staged now, of days from the first one on: without any, as when
  everything is built for the first time, no line has a rival that is not new itself.
#}
{% macro has_other_files(feed, first_day) -%}
    {%- set asked -%}
        select count(*) as found
        from {{ source('bronze', 'files') }} as files
        where
            files.feed = '{{ feed }}'
            and files.outcome = 'loaded'
            and files.dt >= date '{{ first_day }}'
            and (files.staged or not ({{ in_window('files.dt') }}))
    {%- endset -%}
    {{ return(not execute or run_query(asked).rows[0][0] > 0) }}
{%- endmacro %}

{# The dates of the window, and all others with lines that share a link with theirs. #}
{% macro linked_dates(feed) -%}
    {%- set changes = changes_of(feed) -%}
    {%- for column, model in changes.links.items() %}
    {{ 'union distinct' if not loop.first }}
    select distinct event_date as linked_date
    from {{ relation_of(model) }}
    where
        _source_dt >= date '{{ first_file_day() }}'
        and {{ column }} in (
            select linked.{{ column }}
            from {{ relation_of(model) }} as linked
            where {{ in_window('linked.event_date') }} and {{ since_window('linked._source_dt', 1) }}
        )
    {%- else %}
    select cast(null as date) as linked_date
    {%- endfor %}
{%- endmacro %}
