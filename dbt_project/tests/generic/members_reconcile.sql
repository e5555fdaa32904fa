{# By entity: members of a dimension, but for the one of the unknown, are the versions of silver. #}
{% test members_reconcile(model, versions, key) %}

with members as (

    select
        source,
        {{ key }},
        count(*) as members
    from {{ model }}
    where source is not null
    group by source, {{ key }}

),

versions as (

    select
        source,
        {{ key }},
        count(*) as versions
    from {{ versions }}
    group by source, {{ key }}

)

select
    coalesce(members.source, versions.source) as source,
    coalesce(members.{{ key }}, versions.{{ key }}) as {{ key }},
    coalesce(members.members, 0) as members,
    coalesce(versions.versions, 0) as versions
from members
full outer join versions on members.source = versions.source and members.{{ key }} = versions.{{ key }}
where coalesce(members.members, 0) <> coalesce(versions.versions, 0)

{% endtest %}
