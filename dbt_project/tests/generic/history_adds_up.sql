{# By source: each record of a history opens a version, ends one, changes nothing, or is superseded; versions are those. #}
{% test history_adds_up(model, table) %}

with records as (

    select
        source,
        count(*) as records,
        sum(case when effect in ('opened', 'delete', 'unchanged', 'superseded') then 1 else 0 end) as effects,
        sum(case when effect = 'opened' then 1 else 0 end) as opened
    from {{ ref(table ~ '_records') }}
    group by source

),

versions as (

    select
        source,
        count(*) as versions
    from {{ model }}
    group by source

)

select
    coalesce(records.source, versions.source) as source,
    coalesce(records.records, 0) as records,
    coalesce(records.effects, 0) as effects,
    coalesce(records.opened, 0) as opened,
    coalesce(versions.versions, 0) as versions
from records
full outer join versions on records.source = versions.source
where
    coalesce(records.records, 0) <> coalesce(records.effects, 0)
    or coalesce(records.opened, 0) <> coalesce(versions.versions, 0)

{% endtest %}
