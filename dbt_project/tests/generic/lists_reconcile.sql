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

-- A list of the window may have been shown before it, too. Others near it are counted as well, and left out below: it is
-- faster than to look for those of the window first.
lists as (

    select
        search_id,
        min(event_date) as event_date,
        count(distinct job_id) as items
    from {{ ref('events') }}
    where
        event_name = 'impression'
        and search_id is not null
        and {{ list_reach('event_date') }}
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
