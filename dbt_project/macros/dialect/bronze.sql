{# Reading what loads write. #}

{#
  A predicate: a line of the window came with a load that the ledger names. On DuckDB lines and ledger entry
  share a transaction. On BigQuery the entry comes after the lines, and a load that dies in between leaves lines
  that do not count; and bronze is partitioned by the time of loading, which the ledger knows, too.
#}
{% macro is_committed(feed) -%}{{ return(adapter.dispatch('is_committed')(feed)) }}{%- endmacro %}

{% macro duckdb__is_committed(feed) -%}true{%- endmacro %}

{% macro bigquery__is_committed(feed) -%}
    {{ in_ingestion_partitions(feed) }}
    and _load_id in (
        select files.load_id
        from {{ source('bronze', 'files') }} as files
        where files.feed = '{{ feed }}' and files.outcome = 'loaded' and {{ in_window('files.dt') }}
    )
{%- endmacro %}

{#
  A predicate of the model that stages lines: the line is of a file that is not staged, if the table has rows of
  others. On BigQuery all of a partition is read and written anyway, so all lines of the window are staged again.
#}
{% macro is_to_be_staged(feed) -%}{{ return(adapter.dispatch('is_to_be_staged')(feed)) }}{%- endmacro %}

{% macro duckdb__is_to_be_staged(feed) -%}
    {{- 'not ' ~ is_of_staged_files(feed) if is_incremental() else 'true' -}}
{%- endmacro %}

{% macro bigquery__is_to_be_staged(feed) -%}true{%- endmacro %}

{# A predicate: the line is of a loaded file of the window, and staged. Files of two tables may have the same bytes. #}
{% macro is_of_staged_files(feed) -%}
    (_source_dt, _source_sha256, _source_file) in (
        select (files.dt, files.sha256, files.source_file)
        from {{ source('bronze', 'files') }} as files
        where files.feed = '{{ feed }}' and files.outcome = 'loaded' and files.staged and {{ in_window('files.dt') }}
    )
{%- endmacro %}

{#
  A predicate: the line lies in a partition that holds files of the window. Partitions are left out only where a
  statement names dates, so the ledger is asked for them first.
#}
{% macro in_ingestion_partitions(feed) -%}
    {%- set asked -%}
        select distinct date(files.ingested_at) as ingestion_date
        from {{ source('bronze', 'files') }} as files
        where files.feed = '{{ feed }}' and files.outcome = 'loaded' and {{ in_window('files.dt') }}
        order by ingestion_date
    {%- endset -%}
    {%- set one_day = modules.datetime.timedelta(days=1) -%}
    {%- set ranges = [] -%}
    {%- for (day,) in (run_query(asked).rows if execute else []) -%}
        {%- set start = ranges.pop()[0] if ranges and ranges[-1][1] == day else day -%}
        {%- do ranges.append((start, day + one_day)) -%}
    {%- endfor -%}
    {%- if not ranges -%}
        {%- do ranges.append(('1970-01-01', '1970-01-02')) -%}
    {%- endif -%}
    (
        {%- for start, end in ranges %}
        (ingested_at >= timestamp '{{ start }}' and ingested_at < timestamp '{{ end }}')
        {{- ' or' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}
