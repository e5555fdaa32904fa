{#
  Tiers: words for a number, each from a threshold on. Thresholds are fixed, so that nobody changes the tier because others
  do. They stand in jobmatch_assets/tiers.csv, with the column of a mart that they are of; `(enough)` is the least amount
  of evidence for any tier of the column. What follows is a copy.
#}
{% macro tiers() -%}
    {{ return([
        {'tier': 'power', 'column': 'segment', 'from': '12'},
        {'tier': 'heavy', 'column': 'segment', 'from': '8'},
        {'tier': 'active', 'column': 'segment', 'from': '4'},
        {'tier': 'regular', 'column': 'segment', 'from': '2'},
        {'tier': 'light', 'column': 'segment', 'from': '1'},
        {'tier': 'inactive', 'column': 'segment', 'from': '0'},
        {'tier': '(enough)', 'column': 'style', 'from': '5'},
        {'tier': 'decisive', 'column': 'style', 'from': '0.3'},
        {'tier': 'balanced', 'column': 'style', 'from': '0.05'},
        {'tier': 'browsing', 'column': 'style', 'from': '0'},
        {'tier': '(enough)', 'column': 'tier', 'from': '5'},
        {'tier': 'hot', 'column': 'tier', 'from': '1.5'},
        {'tier': 'good', 'column': 'tier', 'from': '0.8'},
        {'tier': 'weak', 'column': 'tier', 'from': '0'},
        {'tier': '(enough)', 'column': 'quality_tier', 'from': '5'},
        {'tier': 'high', 'column': 'quality_tier', 'from': '0.6'},
        {'tier': 'medium', 'column': 'quality_tier', 'from': '0.3'},
        {'tier': 'low', 'column': 'quality_tier', 'from': '0'},
        {'tier': '(enough)', 'column': 'responsiveness', 'from': '10'},
        {'tier': 'slow', 'column': 'responsiveness', 'from': '241'},
        {'tier': 'normal', 'column': 'responsiveness', 'from': '73'},
        {'tier': 'fast', 'column': 'responsiveness', 'from': '0'},
    ]) }}
{%- endmacro %}

{# The threshold of one tier, a number as the file writes it. #}
{% macro from_of(column, tier) -%}
    {{ return((tiers() | selectattr('column', 'equalto', column) | selectattr('tier', 'equalto', tier) | first)['from']) }}
{%- endmacro %}

{# The names of a column's tiers, from the highest threshold to the lowest. #}
{% macro tiers_of(column) -%}
    {%- set found = tiers() | selectattr('column', 'equalto', column) | rejectattr('tier', 'equalto', '(enough)') -%}
    {{ return(found | map(attribute='tier') | list) }}
{%- endmacro %}

{# A predicate: a number is as large as a threshold, but for rounding. #}
{% macro reaches(number, column, tier) -%}
    {{ number }} >= {{ from_of(column, tier) }} - {{ survival_tolerance() }}
{%- endmacro %}

{# The tier of a number that is 0 or more, and NULL of NULL. #}
{% macro tier_of(column, number) -%}
    case
        {%- for tier in tiers_of(column) %}
        when {{ reaches(number, column, tier) }} then '{{ tier }}'
        {%- endfor %}
    end
{%- endmacro %}

{# What a tier is called where there is too little evidence for one. #}
{% macro no_tier() -%}{{ return('insufficient') }}{%- endmacro %}

{# Some marts look back from their last date: so many dates, with it. #}
{% macro mart_days() -%}{{ return(28) }}{%- endmacro %}

{#
  A SELECT with the history of a state: the columns of an id as they are from valid_from on, until the date valid_to, where
  they change (NULL: never since). None of the columns is NULL.

  relation: rows of an id and changed_on, the date from which on the row holds; some of them hold what held before.
#}
{% macro history_of_state(relation, id, columns) -%}
    {%- set in_order = '(partition by ' ~ id ~ ' order by changed_on)' %}
    select
        {{ id }},
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        changed_on as valid_from,
        lead(changed_on) over {{ in_order }} as valid_to
    from (
        select
            *,
            {%- for column in columns %}
            lag({{ column }}) over {{ in_order }} as {{ column }}_before{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ relation }}
    ) as states
    where
        {%- for column in columns %}
        {{ 'or ' if not loop.first }}{{ column }}_before is null or {{ column }} <> {{ column }}_before
        {%- endfor %}
{%- endmacro %}
