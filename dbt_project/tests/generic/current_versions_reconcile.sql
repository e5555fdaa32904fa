{# By source: rows of a fact are the versions of silver that hold now. #}
{% test current_versions_reconcile(model, versions) %}

with facts as (

    select
        source,
        count(*) as facts
    from {{ model }}
    group by source

),

versions as (

    select
        source,
        count(*) as versions
    from {{ versions }}
    where is_current
    group by source

)

select
    coalesce(facts.source, versions.source) as source,
    coalesce(facts.facts, 0) as facts,
    coalesce(versions.versions, 0) as current_versions
from facts
full outer join versions on facts.source = versions.source
where coalesce(facts.facts, 0) <> coalesce(versions.versions, 0)

{% endtest %}
