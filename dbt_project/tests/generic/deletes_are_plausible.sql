{#
  Dumps that imply more deletes than their source may, and that nobody accepted: a person who builds the table again
  does, for which the platform sets the variable accepts_deletes.
#}
{% test deletes_are_plausible(model, table) %}

select
    suspicious.source,
    suspicious.taken_at,
    suspicious.implied,
    suspicious.live,
    suspicious.max_deleted_share
from ({{ suspicious_deletes(table) }}) as suspicious
left join {{ control_relation('accepted_deletes') }} as accepted
    on
        accepted.entity_table = '{{ table }}'
        and suspicious.source = accepted.source
        and suspicious.taken_at = accepted.taken_at
        and suspicious.implied <= accepted.implied
where accepted.source is null{{ ' and false' if var('accepts_deletes', false) }}

{% endtest %}
