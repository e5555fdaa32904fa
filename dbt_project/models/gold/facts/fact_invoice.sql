{{ config(**whole_config()) }}
{%- set happened_at = start_of_date('given.issued_on') %}

with company_members as (

    {{ members_of('company') }}

)

select
    given.source,
    given.invoice_id,
    given.invoice_number,
    given.company_id,
    given.placement_id,
    given.kind,
    given.subtotal,
    given.tax_amount,
    given.total,
    given.currency,
    given.status,
    given.issued_on,
    given.due_on,
    given.sent_at,
    given.paid_at,
    given.created_at,
    given.updated_at,
    {{ as_of_columns('company', 'given.company_id', happened_at) }}
from {{ ref('invoice_versions') }} as given
{{ as_of('company', 'given.company_id', happened_at) }}
where given.is_current
