{# Words of postings and openings; the Python side has the same in contracts/subjects/. #}

{# Why a posting ceases to be live: the first of them that applies. #}
{% macro reasons_of_end() -%}
    {{ return(['filled', 'expired', 'cancelled', 'deleted', 'paused', 'closed_other']) }}
{%- endmacro %}

{# An opening counts in time_to_fill on so many dates, from that of its start on. #}
{% macro days_observed() -%}{{ return(180) }}{%- endmacro %}

{#
  A SELECT with a row per as_of_date and opening that was first live on one of the dates up to it: its
  category and is_evergreen, and by the close of that date its outcome, end_reason and days: until its end, or,
  where it still waits, until the close.
#}
{% macro observed_openings() -%}
    select
        as_of_date,
        {{ known('outcomes.category') }} as category,
        outcomes.is_evergreen,
        outcomes.outcome,
        outcomes.end_reason,
        coalesce(
            outcomes.days,
            {{ whole_days('outcomes.started_at', start_of_date(add_days('as_of_date', 1))) }}
        ) as days
    from {{ ref('opening_outcomes') }} as outcomes
    cross join {{ ref('last_date') }} as last_date
    cross join {{ unnested(date_array(
        "greatest(outcomes.as_of_from, date '" ~ partitions_start() ~ "')",
        'least(coalesce(' ~ add_days('outcomes.as_of_to', -1) ~ ', last_date.last_date), '
            ~ add_days(date_of_timestamp('outcomes.started_at'), days_observed() - 1) ~ ')'
    ), 'as_of_date') }}
{%- endmacro %}

{# Months, numbered so that those that follow each other differ by 1. #}
{% macro month_number(day) -%}
    (12 * extract(year from {{ day }}) + extract(month from {{ day }}))
{%- endmacro %}
