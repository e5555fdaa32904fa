{#
  The member of a dimension that held at a time. Members of an id follow each other: `holds_from` is when one begins to
  answer for the id, the first of them from the beginning on, and `holds_to` when the next one does (NULL: never). So an id that
  is known has exactly one member at each time.

  DuckDB finds it with a sorted merge, whatever the number of members an id has. BigQuery knows none; there, rows of an id
  meet all members of it, of which one holds.
#}
{% macro as_of_join(members, key, id, at) -%}
    {{ return(adapter.dispatch('as_of_join')(members, key, id, at)) }}
{%- endmacro %}

{% macro duckdb__as_of_join(members, key, id, at) -%}
    asof left join {{ members }}
        on {{ id }} = {{ members }}.{{ key }} and coalesce({{ at }}, {{ last_instant() }}) >= {{ members }}.holds_from
{%- endmacro %}

{% macro bigquery__as_of_join(members, key, id, at) -%}
    left join {{ members }}
        on
            {{ id }} = {{ members }}.{{ key }}
            and coalesce({{ at }}, {{ last_instant() }}) >= {{ members }}.holds_from
            and (coalesce({{ at }}, {{ last_instant() }}) < {{ members }}.holds_to or {{ members }}.holds_to is null)
{%- endmacro %}

{# When the next member begins to answer for the id: BigQuery's join asks for it, and DuckDB would compute it for nothing. #}
{% macro holds_to_column(id) -%}{{ return(adapter.dispatch('holds_to_column')(id)) }}{%- endmacro %}

{% macro duckdb__holds_to_column(id) -%}{%- endmacro %}

{% macro bigquery__holds_to_column(id) -%}
    , lead(valid_from) over (partition by {{ id }} order by valid_from) as holds_to
{%- endmacro %}

{# An instant that is not later than any. #}
{% macro first_instant() -%}{{ return(adapter.dispatch('first_instant')()) }}{%- endmacro %}

{% macro duckdb__first_instant() -%}timestamptz '-infinity'{%- endmacro %}

{% macro bigquery__first_instant() -%}timestamp '0001-01-01 00:00:00+00'{%- endmacro %}

{# An instant that is not earlier than any. #}
{% macro last_instant() -%}{{ return(adapter.dispatch('last_instant')()) }}{%- endmacro %}

{% macro duckdb__last_instant() -%}timestamptz 'infinity'{%- endmacro %}

{% macro bigquery__last_instant() -%}timestamp '9999-12-31 23:59:59.999999+00'{%- endmacro %}
