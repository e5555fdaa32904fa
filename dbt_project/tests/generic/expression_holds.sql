{#
  The expression is not false for any row of the window: where it is NULL, there is nothing to measure. A
  failing row shows its key and the columns that are worth a look.
#}
{% test expression_holds(model, expression, key, show=[], date_column='event_date') %}

select {{ (key + show) | unique | join(', ') }}
from {{ model }}
where {{ in_window(date_column) }} and not ({{ expression }})

{% endtest %}
