{# By entity: what counts of its records is kept, or counted with one that is kept. #}
{% test records_are_conserved(model, table) %}

with counting as (

    select
        source,
        entity_key,
        count(*) as records
    from {{ ref('stg_entity_records') }}
    where
        entity_table = '{{ table }}'
        and reason is null
        and _source_dt >= date '{{ first_file_day() }}'
        and {{ is_touched(table) }}
    group by source, entity_key

),

kept as (

    select
        source,
        entity_key,
        sum(1 + duplicates) as records
    from {{ model }}
    where outcome = 'kept' and {{ is_touched(table) }}
    group by source, entity_key

)

select
    coalesce(counting.source, kept.source) as source,
    coalesce(counting.entity_key, kept.entity_key) as entity_key,
    coalesce(counting.records, 0) as records_that_count,
    coalesce(kept.records, 0) as records_kept_or_duplicate
from counting
full outer join kept on counting.source = kept.source and counting.entity_key = kept.entity_key
where coalesce(counting.records, 0) <> coalesce(kept.records, 0)

{% endtest %}
