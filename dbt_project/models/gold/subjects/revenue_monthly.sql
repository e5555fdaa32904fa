{{ config(**whole_config(cluster_by=['month_start'])) }}
{%- set no_currency = "'(none)'" %}
{%- set hours = {'hours_regular': 'regular_hours', 'hours_overtime': 'overtime_hours'} %}
{%- set amounts = ['invoiced', 'credited', 'tax', 'paid', 'outstanding', 'overdue'] %}
{%- set first_month = first_of_unit(modules.datetime.date.fromisoformat(partitions_start()), 'month') %}

-- Versions hold at the close of dates; has_status_since is when their entity first had their status.
{%- for table in ['placement', 'timesheet', 'invoice'] %}
{{ 'with ' if loop.first }}{{ table }}_states as (

    select
        versions.*,
        {{ date_of_timestamp('versions.valid_from') }} as holds_from,
        coalesce({{ date_of_timestamp('versions.valid_to') }}, date '9999-12-31') as holds_until,
        {{ date_of_timestamp(
            'min(versions.valid_from) over (partition by versions.source, versions.' ~ table ~ '_id, versions.status)'
        ) }} as has_status_since,
        last_dates.last_date
    from {{ ref(table ~ '_versions') }} as versions
    cross join {{ ref('last_date') }} as last_dates
    where versions.valid_from < last_dates.closes_at

),
{% endfor %}
-- What the placement of a timesheet said last, whether or not it is deleted.
last_placements as (

    select told.*
    from ({{ told_once(ref('placement_versions'), 'placement_id') }}) as told
    cross join {{ ref('last_date') }} as last_dates
    where told.valid_from < last_dates.closes_at
    qualify row_number() over (partition by told.placement_id order by told.valid_from desc) = 1

),

issued_invoices as (

    select
        *,
        coalesce(kind, 'invoice') as document,
        coalesce(total, 0) as amount
    from invoice_states
    where coalesce(status, 'sent') not in ('draft', 'cancelled')

),

-- What is owed is looked at when a month closes; in the month of the last date, when that does.
closing_dates as (

    select
        {{ first_date_of('month', 'any_date') }} as month_start,
        max(any_date) as closing_date
    from {{ ref('last_date') }} as last_dates
    cross join {{ unnested(date_array("date '" ~ first_month ~ "'", 'last_dates.last_date'), 'any_date') }}
    group by {{ first_date_of('month', 'any_date') }}

),

told as (

    select
        {{ date_of_timestamp('placed_at') }} as told_on,
        coalesce(fee_currency, currency, {{ no_currency }}) as currency,
        company_id,
        'placements' as measure,
        1 as amount
    from placement_states
    where holds_until > last_date
    union all
    select
        has_status_since as told_on,
        coalesce(fee_currency, currency, {{ no_currency }}) as currency,
        company_id,
        'cancelled_placements' as measure,
        1 as amount
    from placement_states
    where holds_until > last_date and status = 'cancelled'
    {%- for measure, column in hours.items() %}
    union all
    select
        timesheets.week_starting as told_on,
        coalesce(
            timesheets.currency, last_placements.fee_currency, last_placements.currency, {{ no_currency }}
        ) as currency,
        last_placements.company_id,
        '{{ measure }}' as measure,
        timesheets.{{ column }} as amount
    from timesheet_states as timesheets
    left join last_placements on timesheets.placement_id = last_placements.placement_id
    where timesheets.holds_until > timesheets.last_date and timesheets.status in ('approved', 'paid')
    {%- endfor %}
    union all
    select
        issued_on as told_on,
        coalesce(currency, {{ no_currency }}) as currency,
        company_id,
        case document when 'invoice' then 'invoiced' else 'credited' end as measure,
        amount
    from issued_invoices
    where holds_until > last_date
    union all
    select
        issued_on as told_on,
        coalesce(currency, {{ no_currency }}) as currency,
        company_id,
        'tax' as measure,
        tax_amount as amount
    from issued_invoices
    where holds_until > last_date
    union all
    select
        coalesce({{ date_of_timestamp('paid_at') }}, has_status_since) as told_on,
        coalesce(currency, {{ no_currency }}) as currency,
        company_id,
        'paid' as measure,
        amount
    from issued_invoices
    where holds_until > last_date and document = 'invoice' and (status = 'paid' or paid_at is not null)

),

measured as (

    select
        {{ first_date_of('month', 'told.told_on') }} as month_start,
        told.currency,
        {{ known('told.company_id') }} as company_id,
        told.measure,
        cast(coalesce(told.amount, 0) as {{ type_decimal() }}) as amount
    from told
    cross join {{ ref('last_date') }} as last_dates
    where told.told_on >= date '{{ first_month }}' and told.told_on <= last_dates.last_date
    {%- for measure in ['outstanding', 'overdue'] %}
    union all
    select
        closing_dates.month_start,
        coalesce(invoices.currency, {{ no_currency }}) as currency,
        {{ known('invoices.company_id') }} as company_id,
        '{{ measure }}' as measure,
        cast(invoices.amount as {{ type_decimal() }}) as amount
    from issued_invoices as invoices
    inner join closing_dates
        on
            invoices.holds_from <= closing_dates.closing_date
            and invoices.holds_until > closing_dates.closing_date
            and invoices.issued_on <= closing_dates.closing_date
    where
        invoices.document = 'invoice'
        and coalesce(invoices.status, 'sent') <> 'paid'
        and (
            invoices.paid_at is null
            or {{ date_of_timestamp('invoices.paid_at') }} > closing_dates.closing_date
        )
        {%- if measure == 'overdue' %}
        and invoices.due_on <= closing_dates.closing_date
        {%- endif %}
    {%- endfor %}

),

added_up as (

    select
        month_start,
        currency,
        {{ rolled_up('company_id') }} as company_group,
        {%- for measure in ['placements', 'cancelled_placements'] + hours | list + amounts %}
        sum(case when measure = '{{ measure }}' then amount else 0 end)
            as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from measured
    group by
        grouping sets ( -- noqa: PRS
            (month_start, currency),
            (month_start, currency, company_id)
        )

)

select
    month_start,
    currency,
    company_group as company_id,
    {%- for measure in ['placements', 'cancelled_placements'] %}
    cast({{ measure }} as bigint) as {{ measure }},
    {%- endfor %}
    {%- for measure in hours | list + ['invoiced', 'credited'] %}
    cast({{ measure }} as {{ type_decimal() }}) as {{ measure }},
    {%- endfor %}
    cast(invoiced + credited as {{ type_decimal() }}) as net,
    {%- for measure in ['tax', 'paid', 'outstanding', 'overdue'] %}
    cast({{ measure }} as {{ type_decimal() }}) as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
from added_up
