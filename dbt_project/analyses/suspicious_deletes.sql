-- Dumps of some tables of entities that imply too many deletes: what somebody accepts who builds them again.
{% for table in var('of_tables', entity_tables()) -%}
{{ 'union all' if not loop.first }}
select
    '{{ table }}' as entity_table,
    suspicious.source,
    suspicious.taken_at,
    suspicious.implied
from ({{ suspicious_deletes(table) }}) as suspicious
{% endfor %}
