{#
  How much of the window's facts refers to what nothing is known of: by fact, reference and date, rows with an id, how
  many of them have no member of the dimension, and their share. A check warns where it is above 1 %.
#}
{%- set facts = {
    'fact_event': ('event_date', ['job', 'company', 'campaign']),
    'fact_application': ('applied_date', ['job', 'company', 'candidate', 'campaign']),
} %}

with matches as (

    {% for fact, (date, dimensions) in facts.items() -%}
    {% set outer_loop = loop -%}
    {% for dimension in dimensions -%}
    {{ 'union all' if not (loop.first and outer_loop.first) }}
    select
        '{{ fact }}' as fact,
        '{{ dimension }}' as reference,
        {{ date }} as happened_on,
        {{ dimension }}_match as match_word
    from {{ ref(fact) }}
    where {{ in_window(date) }} and {{ dimension }}_match is not null
    {% endfor %}
    {%- endfor %}

),

counts as (

    select
        fact,
        reference,
        happened_on,
        count(*) as rows_with_id,
        cast(sum(case when match_word = 'unknown' then 1 else 0 end) as bigint) as unknown
    from matches
    group by fact, reference, happened_on

)

select
    *,
    {{ rate('unknown', 'rows_with_id') }} as unknown_share
from counts
order by fact, reference, happened_on
