{#
  Clicks that a job would have if it were clicked as often as others at the same ranks: of each item of a result list, the
  click-through rate that is usual at its rank. Ranks are columns, since each date has another rate for each of them.
#}

{# The last one stands for every rank beyond. #}
{% macro ranks_of_items() -%}{{ return(range(1, 22)) }}{%- endmacro %}

{# A SELECT with a row per as_of_date: the rates at the ranks (ctr_1 …) over the lists of the 28 dates up to it. #}
{% macro usual_ctr() %}
    select
        as_of_date,
        {%- for rank in ranks_of_items() %}
        {{ rate(
            'sum(case when rank_position = ' ~ rank ~ ' then clicked end)',
            'sum(case when rank_position = ' ~ rank ~ ' then shown end)'
        ) }} as ctr_{{ rank }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        select
            lists.rank_position,
            lists.shown,
            lists.clicked,
            as_of_date,
            last_date.last_date
        from {{ ref('ranking_position_daily') }} as lists
        cross join {{ ref('last_date') }} as last_date
        cross join {{ unnested(
            date_array('lists.event_date', add_days('lists.event_date', mart_days() - 1)), 'as_of_date'
        ) }}
        where lists.surface = '__all__' and {{ in_any_partition('lists.event_date') }}
    ) as seen_from
    where as_of_date <= last_date
    group by as_of_date
{%- endmacro %}

{# Aggregates of items: how many were shown at each rank (shown_1 …), and how many were clicked. #}
{% macro counts_of_items() -%}
    {%- for rank in ranks_of_items() -%}
    count(case when {{ 'rank_position >= ' if loop.last else 'rank_position = ' }}{{ rank }} then 1 end) as shown_{{ rank }},
    {% endfor -%}
    count(case when clicked then 1 end) as clicked
{%- endmacro %}

{# The sum over items, of their counts and the rates of a date; a rank at which nothing was shown then gives 0. #}
{% macro expected_clicks(counts, rates) -%}
    {%- for rank in ranks_of_items() -%}
    {{ ' + ' if not loop.first }}{{ counts }}.shown_{{ rank }} * coalesce({{ rates }}.ctr_{{ rank }}, 0)
    {%- endfor -%}
{%- endmacro %}

{# A predicate: so many expected clicks are, but for rounding, enough for a tier. #}
{% macro may_have_a_tier(expected) -%}
    {{ expected }} >= 0.999 * {{ from_of('tier', '(enough)') }}
{%- endmacro %}

{# The tier of a job by its clicks over the expected ones. #}
{% macro tier_of_job(expected, coec) -%}
    case when {{ reaches(expected, 'tier', '(enough)') }} then {{ tier_of('tier', coec) }} else '{{ no_tier() }}' end
{%- endmacro %}

{# The tier of a job by those of its applications that the employer has judged. #}
{% macro quality_tier_of_job(qualified, disqualified) -%}
    {%- set judged = '(' ~ qualified ~ ' + ' ~ disqualified ~ ')' -%}
    case
        when {{ reaches(judged, 'quality_tier', '(enough)') }} then {{ tier_of('quality_tier', rate(qualified, judged)) }}
        else '{{ no_tier() }}'
    end
{%- endmacro %}
