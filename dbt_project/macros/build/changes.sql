{#
  What a changed line of a feed touches, and where lines lie that belong together. What is particular about a feed
  stands in the meta of its staging model:

      changes:
        date: the column with the date of a line
        rejected: a column that is NULL in lines that count; left out, all count
        identity: lines that share it, some days apart at most, win or lose against each other
        links: {column: the model that tells on which dates its values lie}
        experiments: an array of the experiments that a line is stamped with
        entity: the columns that name the entity which a line tells of
        feed: the feed, where the model is not called stg_<feed>

  The analyses touched_dates, kept_lines and linked_dates compile these macros for one feed, that of var('feed').
#}
{% macro changes_of(feed) -%}
    {%- set changes = {
        'date': none, 'rejected': none, 'identity': none, 'links': {}, 'experiments': none, 'entity': []
    } -%}
    {%- if execute -%}
        {%- do changes.update(staging_model(feed).config.meta.get('changes', {})) -%}
    {%- endif -%}
    {{ return(changes) }}
{%- endmacro %}

{# That which is called after the feed, or names it in its changes. #}
{% macro staging_model(feed) -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and feed in (
        node.name.removeprefix('stg_') if node.name.startswith('stg_') else none,
        node.config.meta.get('changes', {}).get('feed')
    ) -%}
        {{ return(node) }}
    {%- endfor -%}
    {%- do exceptions.raise_compiler_error('There is no model stg_' ~ feed ~ ' for the feed ' ~ feed) -%}
{%- endmacro %}

{# A model by its name, as a relation; analyses of a feed do not know which models it has when they are parsed. #}
{% macro relation_of(name) -%}
    {%- for node in (graph.nodes.values() if execute else []) if node.resource_type == 'model' and node.name == name -%}
        {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias)) }}
    {%- endfor -%}
{%- endmacro %}

{# The model that stages the lines of a feed, as a relation. #}
{% macro staging_relation(feed) -%}
    {{ return(relation_of(staging_model(feed).name) if execute else none) }}
{%- endmacro %}

{% macro kept_relation(feed) -%}
    {{ return(source('bronze', 'files').incorporate(path={'identifier': feed ~ '_staged_before'})) }}
{%- endmacro %}

{# The columns of a line that decide what its change touches. #}
{% macro touching_columns(changes) -%}
    {%- set columns = [changes.date, changes.rejected, changes.identity] -%}
    {{ return((columns + changes.links | list + changes.entity + [changes.experiments]) | select | list) }}
{%- endmacro %}

{# A predicate: the line counts. #}
{% macro counts(lines, changes) -%}
    {{ lines ~ '.' ~ changes.rejected ~ ' is null' if changes.rejected else 'true' }}
{%- endmacro %}

{# The files of the window as a join, of which the lines are staged, or are not. #}
{% macro joined_files(feed, lines, is_staged) -%}
    inner join {{ source('bronze', 'files') }} as files
        on
            {{ lines }}._source_dt = files.dt
            -- Files of two tables may have the same bytes.
            and {{ lines }}._source_file = files.source_file
            and {{ lines }}._source_sha256 = files.sha256
    where
        {{ in_window(lines ~ '._source_dt') }}
        and files.feed = '{{ feed }}'
        and files.outcome = 'loaded'
        and {{ in_window('files.dt') }}
        and {{ 'files.staged' if is_staged else 'not files.staged' }}
{%- endmacro %}

{#
  The alias `given` is no column of any table here: a whole row is named by it, which a column would hide.
#}

{# What is kept of lines that are staged already, before they are staged again; the day of a file may be the line's date, too. #}
{% macro kept_lines(feed) -%}
    select
        given._source_dt,
        given._source_sha256,
        given._source_line,
        {%- for column in touching_columns(changes_of(feed)) if column != '_source_dt' %}
        given.{{ column }},
        {%- endfor %}
        {{ row_hash('given') }} as line_hash
    from {{ staging_relation(feed) }} as given
    {{ joined_files(feed, 'given', true) }}
{%- endmacro %}

{#
  Lines that are new or say something else than when they were staged before: as they were, and as they are.
  Where nothing was kept, all are new.
#}
{% macro changed_lines(feed, columns, is_compared) -%}
    select
        {%- for column in columns %}
        given.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ staging_relation(feed) }} as given
    {%- if is_compared %}
    left join {{ kept_relation(feed) }} as earlier
        on
            given._source_dt = earlier._source_dt
            and given._source_sha256 = earlier._source_sha256
            and given._source_line = earlier._source_line
            and {{ row_hash('given') }} = earlier.line_hash
    {%- endif %}
    {{ joined_files(feed, 'given', false) }}
    {%- if is_compared %}
        and earlier.line_hash is null
    union all
    select
        {%- for column in columns %}
        earlier.{{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ kept_relation(feed) }} as earlier
    left join (
        select
            given._source_dt,
            given._source_sha256,
            given._source_line,
            {{ row_hash('given') }} as line_hash
        from {{ staging_relation(feed) }} as given
        where {{ in_window('given._source_dt') }}
    ) as given
        on
            given._source_dt = earlier._source_dt
            and given._source_sha256 = earlier._source_sha256
            and given._source_line = earlier._source_line
            and given.line_hash = earlier.line_hash
    where given._source_line is null and {{ in_window('earlier._source_dt') }}
    {%- endif %}
{%- endmacro %}

{#
  Ranges of dates around those of the lines that have changed and count, found by a query of their own: engines
  leave out what they need not read only where a statement names dates. Without a window nobody asks.
#}
{% macro near_ranges(feed, changes, is_compared, before, after) -%}
    {%- set asked -%}
        select distinct changed.{{ changes.date }}
        from ({{ changed_lines(feed, touching_columns(changes), is_compared) }}) as changed
        where {{ counts('changed', changes) }} and changed.{{ changes.date }} is not null
        order by 1
    {%- endset -%}
    {%- set ranges = [] -%}
    {%- for (day,) in (run_query(asked).rows if execute and var('window', '') else []) -%}
        {%- set start, end = shifted(day, -before), shifted(day, after + 1) -%}
        {%- if ranges and ranges[-1][1] >= start -%}{%- set start = ranges.pop()[0] -%}{%- endif -%}
        {%- do ranges.append((start, end)) -%}
    {%- endfor -%}
    {{ return(ranges or [(first_file_day(), first_file_day())]) }}
{%- endmacro %}
