{#
  Result lists of a table are those of silver: on every date of the window, the sum of the column over the
  rows of `whole` is the number of lists that were first shown on the date, or of the jobs that they have shown.
#}
{% test lists_reconcile(model, whole, column, items=false) %}

with gold as (

    select
        event_date,
        sum({{ column }}) as {{ column }}
    from {{ model }}
    where {{ whole }} and {{ in_window('event_date') }}
    group by event_date

),

-- A list that was shown in the window may have begun before it.
lists as (

    select
        search_id,
        min(event_date) as event_date,
        count(distinct job_id) as items
    from {{ ref('events') }}
    where
        event_name = 'impression'
        and {{ list_reach('event_date') }}
        and search_id in (
            select shown.search_id
            from {{ ref('events') }} as shown
            where shown.event_name = 'impression' and {{ in_window('shown.event_date') }}
        )
    group by search_id

),

silver as (

    select
        event_date,
        sum({{ 'items' if items else '1' }}) as {{ column }}
    from lists
    where {{ in_window('event_date') }}
    group by event_date

)

select
    coalesce(gold.event_date, silver.event_date) as event_date,
    coalesce(gold.{{ column }}, 0) as {{ column }},
    coalesce(silver.{{ column }}, 0) as {{ column }}_in_silver
from gold
full outer join silver on gold.event_date = silver.event_date
where coalesce(gold.{{ column }}, 0) <> coalesce(silver.{{ column }}, 0)

{% endtest %}
