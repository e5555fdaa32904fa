-- What is owed on the last date is what the invoices that hold at its close say.
{{ config(meta={'dagster': {'ref': {'name': 'revenue_monthly'}}}) }}

with owed as (

    select
        coalesce(versions.currency, '(none)') as currency,
        {{ known('versions.company_id') }} as company_id,
        sum(coalesce(versions.total, 0)) as outstanding,
        sum(case when versions.due_on <= last_dates.last_date then coalesce(versions.total, 0) else 0 end)
            as overdue
    from {{ ref('invoice_versions') }} as versions
    cross join {{ ref('last_date') }} as last_dates
    where
        versions.valid_from < last_dates.closes_at
        and (versions.valid_to is null or versions.valid_to >= last_dates.closes_at)
        and (versions.kind is null or versions.kind <> 'credit_note')
        and (versions.status is null or versions.status not in ('draft', 'cancelled', 'paid'))
        and (versions.paid_at is null or versions.paid_at >= last_dates.closes_at)
        and versions.issued_on <= last_dates.last_date
    group by 1, 2

),

told as (

    select months.*
    from {{ ref('revenue_monthly') }} as months
    inner join {{ ref('last_date') }} as last_dates
        on months.month_start = {{ first_date_of('month', 'last_dates.last_date') }}
    where months.company_id <> '__all__'

)

select
    coalesce(told.currency, owed.currency) as currency,
    coalesce(told.company_id, owed.company_id) as company_id,
    coalesce(told.outstanding, 0) as outstanding,
    coalesce(owed.outstanding, 0) as outstanding_of_invoices,
    coalesce(told.overdue, 0) as overdue,
    coalesce(owed.overdue, 0) as overdue_of_invoices
from told
full outer join owed on told.currency = owed.currency and told.company_id = owed.company_id
where
    coalesce(told.outstanding, 0) <> coalesce(owed.outstanding, 0)
    or coalesce(told.overdue, 0) <> coalesce(owed.overdue, 0)
