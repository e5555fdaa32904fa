{# What becomes of applications. #}

{# The groups that hiring is counted by, beside the date. #}
{% macro dimensions_of_hiring() -%}{{ return(['company_id', 'category', 'channel']) }}{%- endmacro %}

{# GROUP BY a date, and by each dimension alone or by none. #}
{% macro group_by_dimensions_of_hiring(date) -%}
    group by grouping sets (
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

{# The earlier of two instants; the other one, where one is NULL. #}
{% macro earlier_of(one, other) -%}coalesce(least({{ one }}, {{ other }}), {{ one }}, {{ other }}){%- endmacro %}

{# A count of those for whom a condition holds. #}
{% macro count_where(condition) -%}cast(sum(case when {{ condition }} then 1 else 0 end) as bigint){%- endmacro %}
