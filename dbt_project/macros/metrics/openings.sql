{# Words of postings and openings; the Python side has the same in contracts/subjects/. #}

{# Why a posting ceases to be live: the first of them that applies. #}
{% macro reasons_of_end() -%}
    {{ return(['filled', 'expired', 'cancelled', 'deleted', 'paused', 'closed_other']) }}
{%- endmacro %}

{# An opening counts in time_to_fill on so many dates, from that of its start on. #}
{% macro days_observed() -%}{{ return(180) }}{%- endmacro %}

{# The date at whose close what began at an instant is no whole day old; at the close of the n-th date after it, it is n. #}
{% macro born_on(instant) -%}
    case
        when {{ instant }} = {{ start_of_date(date_of_timestamp(instant)) }}
            then {{ add_days(date_of_timestamp(instant), -1) }}
        else {{ date_of_timestamp(instant) }}
    end
{%- endmacro %}

{#
  A SELECT of the openings that were first live on one of the dates up to each as_of_date, counted as `openings` by
  what is the same of them: category and is_evergreen, and by the close of that date outcome, end_reason and days: until
  the end, or, where they still wait, until the close.
#}
{% macro observed_openings() -%}
    select
        as_of_date,
        begun.category,
        begun.is_evergreen,
        begun.outcome,
        begun.end_reason,
        coalesce(begun.days_until_end, {{ days_of_date('as_of_date') }} - begun.day_of_birth) as days,
        count(*) as openings
    from (
        select
            {{ known('outcomes.category') }} as category,
            outcomes.is_evergreen,
            outcomes.outcome,
            outcomes.end_reason,
            outcomes.days as days_until_end,
            {{ days_of_date(born_on('outcomes.started_at')) }} as day_of_birth,
            greatest(outcomes.as_of_from, date '{{ partitions_start() }}') as first_on,
            least(
                coalesce({{ add_days('outcomes.as_of_to', -1) }}, last_date.last_date),
                {{ add_days(date_of_timestamp('outcomes.started_at'), days_observed() - 1) }}
            ) as last_on
        from {{ ref('opening_outcomes') }} as outcomes
        cross join {{ ref('last_date') }} as last_date
    ) as begun
    cross join {{ unnested(date_array('begun.first_on', 'begun.last_on'), 'as_of_date') }}
    group by
        as_of_date,
        begun.category,
        begun.is_evergreen,
        begun.outcome,
        begun.end_reason,
        days
{%- endmacro %}

{#
  A SELECT of rows, once for each group of postings_daily that they count in: category_group, country_group and source_group,
  and these of their columns.

  relation: the rows, with category and source.
  by_country: the rows of each country, with country.
#}
{% macro in_groups_of_postings(relation, by_country, columns) -%}
    {%- for group in ['', 'category', 'country', 'source'] %}
    {{ 'union all' if not loop.first }}
    select
        {{ known('category') if group == 'category' else "'__all__'" }} as category_group,
        {{ 'country' if group == 'country' else "'__all__'" }} as country_group,
        {{ 'source' if group == 'source' else "'__all__'" }} as source_group,
        {%- for column in columns %}
        {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ by_country if group == 'country' else relation }}
    {%- endfor %}
{%- endmacro %}

{#
  A SELECT that adds up what is alike; by country, a row counts for each of its countries.

  alike: columns of the relation; by country, the first is `country`.
  sums: columns that are added up.
#}
{% macro counted_alike(relation, alike, sums, by_country=false) -%}
    select
        {%- for column in alike %}
        {{ column }},
        {%- endfor %}
        {%- for column in sums %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {% if by_country %}({{ rows_of_elements(relation, 'countries', 'country', alike[1:] + sums) }}) as in_countries{% else %}{{ relation }}{% endif %}
    group by {{ alike | join(', ') }}
{%- endmacro %}

{# A SELECT with what comes to be counted at the closes from a date on, or ceases to be (less than 0): postings of versions. #}
{% macro steps_of_postings(relation, columns) -%}
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        live_since as changed_on,
        postings as step
    from {{ relation }}
    where live_until is null or live_since < live_until
    union all
    select
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        live_until as changed_on,
        -postings as step
    from {{ relation }}
    where live_since < live_until
{%- endmacro %}

{# Months, numbered so that those that follow each other differ by 1. #}
{% macro month_number(day) -%}
    (12 * extract(year from {{ day }}) + extract(month from {{ day }}))
{%- endmacro %}
