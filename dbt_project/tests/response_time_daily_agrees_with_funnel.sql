-- By date and company there are as many applications, and as many answers within 7 days, as in the funnel.
{{ config(meta={'dagster': {'ref': {'name': 'response_time_daily'}}}) }}

with funnel as (

    select *
    from {{ ref('hiring_funnel_daily') }}
    where category = '__all__' and channel = '__all__'

)

select
    coalesce(funnel.applied_date, responses.applied_date) as applied_date,
    coalesce(funnel.company_id, responses.company_id) as company_id,
    funnel.applications as applications_of_funnel,
    responses.applications,
    funnel.responded_7d as responded_7d_of_funnel,
    responses.responded_7d
from funnel
full outer join {{ ref('response_time_daily') }} as responses
    on funnel.applied_date = responses.applied_date and funnel.company_id = responses.company_id
where
    funnel.applied_date is null
    or responses.applied_date is null
    or funnel.applications <> responses.applications
    or funnel.responded_7d is distinct from responses.responded_7d
