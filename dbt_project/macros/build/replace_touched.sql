{#
  How a model of a stage without dates replaces only the dates that need it, as keyword arguments of config(). The
  platform lists the dates of silver that have changed since the stage was built in the variable `touched`, first/last comma
  first/last, or nothing where only entities have; without the variable all dates are built. In `touched_since` is the first
  date of which what stands on the dates of lists may have changed, which may lie before them.

  The rows of touched dates are replaced, and of so many days after each. Where a model `finds` rows of other dates that are
  not as they should be, it gives all of a date that have the same value in that column, and these are replaced, too; of others
  those rows go for which `also`, a predicate, holds. One transaction deletes and inserts. BigQuery builds all of it again: what is found is only known while a
  statement runs, so that it could leave out no partition.
#}
{% macro replace_touched_config(date_column, days_after=0, cluster_by=[], finds=none, also=none) -%}
    {%- set meta = {
        'replaced_by': date_column,
        'replaced_days_after': days_after,
        'replaces_found': finds,
        'replaced_also': also,
    } -%}
    {%- if target.type == 'bigquery' -%}{{ return(dict(whole_config(cluster_by), meta=meta)) }}{%- endif -%}
    {{ return({'incremental_strategy': 'replace_touched', 'meta': meta}) }}
{%- endmacro %}

{# Whether a model is built, or a test looks, for the touched dates alone. #}
{% macro is_for_touched_dates() -%}
    {{ return(
        target.type != 'bigquery'
        and var('touched', none) is not none
        and (model.resource_type == 'test' or is_incremental())
    ) }}
{%- endmacro %}

{# A predicate: `column` is a touched date, or lies so many days before or after one. #}
{% macro in_touched(column, days_before=0, days_after=0) -%}
    {%- if not is_for_touched_dates() -%}
        true
    {%- elif not var('touched') -%}
        false
    {%- else -%}
        {{- in_ranges(column, widened(listed_ranges(var('touched')), days_before, days_after)) -}}
    {%- endif -%}
{%- endmacro %}

{# What a test looks at: touched dates; where only entities have changed, all. #}
{% macro is_looked_at(column, days_before=0, days_after=0) -%}
    {{ return(in_touched(column, days_before, days_after) if var('touched', none) else 'true') }}
{%- endmacro %}

{# A predicate: the row goes where a model replaces touched dates, and what it found in `new_rows`. #}
{% macro is_replaced_of_touched(new_rows) -%}
    {%- set meta = config.get('meta') -%}
    {%- set date = meta['replaced_by'] -%}
    {{ in_touched(date, days_after=meta['replaced_days_after']) }}
    or not ({{ in_any_partition(date) }})
    {%- if meta['replaces_found'] %}
    or ({{ date }}, {{ meta['replaces_found'] }}) in (
        select ({{ date }}, {{ meta['replaces_found'] }}) from {{ new_rows }}
    )
    {%- endif %}
    {%- if meta['replaced_also'] %}
    or {{ meta['replaced_also'] }}
    {%- endif %}
{%- endmacro %}
