{#
  Every value of the column is one of a column of another model; NULL refers to nothing. It takes the place of dbt's own
  test, which reads all rows: with a date_column, only those of the window are looked at. Of a view on events, those of the
  dates whose events have changed; where none have, all, since what they are joined with has.
#}
{% test relationships(model, column_name, to, field, date_column=none, is_view_on_events=false) %}

select
    given.{{ column_name }},
    count(*) as rows_of_value
from {{ model }} as given
left join {{ to }} as members on given.{{ column_name }} = members.{{ field }}
where
    given.{{ column_name }} is not null
    and members.{{ field }} is null
    {%- if date_column %}
    and {{ in_window('given.' ~ date_column) }}
    {%- if is_view_on_events %}
    and {{ is_looked_at('given.' ~ date_column) }}
    {%- endif %}
    {%- endif %}
group by given.{{ column_name }}

{% endtest %}
