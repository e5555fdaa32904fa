{{ config(**whole_config()) }}

with dates as (

    select max(event_date) as seen_on
    from {{ ref('events') }}
    where {{ in_any_partition('event_date') }}
    union all
    select max(_source_dt) as seen_on
    from {{ source('bronze', 'entity_files') }}
    where _source_dt >= date '{{ first_file_day() }}'

)

select
    least(max(seen_on), date '{{ partitions_end() }}') as last_date,
    {{ start_of_date(add_days("least(max(seen_on), date '" ~ partitions_end() ~ "')", 1)) }} as closes_at
from dates
having max(seen_on) is not null
