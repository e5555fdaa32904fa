{# What becomes of applications. #}

{# The groups that hiring is counted by, beside the date. #}
{% macro dimensions_of_hiring() -%}{{ return(['company_id', 'category', 'channel']) }}{%- endmacro %}

{# The columns of such groups, as <dimension>_group. #}
{% macro groups_of_hiring() -%}
    {%- for column in dimensions_of_hiring() %}
    {{ rolled_up(column) }} as {{ column }}_group{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# GROUP BY a date, and by each dimension alone or by none. #}
{% macro group_by_dimensions_of_hiring(date) -%}
    group by
        grouping sets ( -- noqa: PRS
            ({{ date }}),
            {%- for column in dimensions_of_hiring() %}
            ({{ date }}, {{ column }}){{ ',' if not loop.last }}
            {%- endfor %}
        )
{%- endmacro %}

{# Whether a date is one that rows may be of. #}
{% macro is_counted_date(date) -%}
    ({{ date }} >= date '{{ partitions_start() }}' and {{ date }} <= last_date.last_date)
{%- endmacro %}

{# Whether an instant lies within some days of another: not before it, and less than so many times 24 hours after it. #}
{% macro within_days(days, since, instant) -%}
    (
        {{ instant }} >= {{ since }}
        and {{ micros_of_timestamp(instant) }} < {{ micros_of_timestamp(since) }} + {{ days }} * 86400000000
    )
{%- endmacro %}

{# A count of a cohort, NULL as long as not everybody of its date could have come so far. #}
{% macro where_mature(count, date, days) -%}
    case when {{ add_days(date, days) }} <= last_date.last_date then {{ count }} end
{%- endmacro %}

{# The earlier of two instants; the other one, where one is NULL. #}
{% macro earlier_of(one, other) -%}coalesce(least({{ one }}, {{ other }}), {{ one }}, {{ other }}){%- endmacro %}

{# A count of those for whom a condition holds. #}
{% macro count_where(condition) -%}cast(sum(case when {{ condition }} then 1 else 0 end) as bigint){%- endmacro %}
