-- By currency, all months together have the invoices and placements that hold at the close of the last date.
{{ config(meta={'dagster': {'ref': {'name': 'revenue_monthly'}}}) }}
{%- set first_month = first_of_unit(modules.datetime.date.fromisoformat(partitions_start()), 'month') %}

with invoices as (

    select
        coalesce(versions.currency, '(none)') as currency,
        sum(coalesce(versions.total, 0)) as net,
        sum(coalesce(versions.tax_amount, 0)) as tax,
        0 as placements
    from {{ ref('invoice_versions') }} as versions
    inner join {{ ref('last_date') }} as last_dates
        on
            versions.valid_from < last_dates.closes_at
            and (versions.valid_to is null or versions.valid_to >= last_dates.closes_at)
            and versions.issued_on <= last_dates.last_date
    where
        versions.issued_on >= date '{{ first_month }}'
        and (versions.status is null or versions.status not in ('draft', 'cancelled'))
    group by 1

),

placements as (

    select
        coalesce(versions.fee_currency, versions.currency, '(none)') as currency,
        0 as net,
        0 as tax,
        count(*) as placements
    from {{ ref('placement_versions') }} as versions
    inner join {{ ref('last_date') }} as last_dates
        on
            versions.valid_from < last_dates.closes_at
            and (versions.valid_to is null or versions.valid_to >= last_dates.closes_at)
            and versions.placed_at < last_dates.closes_at
    where versions.placed_at >= {{ start_of_date("date '" ~ first_month ~ "'") }}
    group by 1

),

holding as (

    select
        currency,
        sum(net) as net,
        sum(tax) as tax,
        sum(placements) as placements
    from (
        select * from invoices
        union all
        select * from placements
    ) as both_kinds
    group by 1

),

told as (

    select
        currency,
        sum(net) as net,
        sum(tax) as tax,
        sum(placements) as placements
    from {{ ref('revenue_monthly') }}
    where company_id = '__all__'
    group by 1

)

select
    coalesce(told.currency, holding.currency) as currency,
    {%- for column in ['net', 'tax', 'placements'] %}
    coalesce(told.{{ column }}, 0) as {{ column }},
    coalesce(holding.{{ column }}, 0) as {{ column }}_holding{{ ',' if not loop.last }}
    {%- endfor %}
from told
full outer join holding on told.currency = holding.currency
where
    {%- for column in ['net', 'tax', 'placements'] %}
    {{ 'or ' if not loop.first }}coalesce(told.{{ column }}, 0) <> coalesce(holding.{{ column }}, 0)
    {%- endfor %}
