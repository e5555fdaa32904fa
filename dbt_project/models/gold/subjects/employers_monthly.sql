{{ config(**whole_config(cluster_by=['month_start'])) }}
{%- set counts = [
    'openings_posted', 'filled_90d', 'openings_live', 'live_openings', 'applications', 'placed',
] %}
{%- set next_month = first_date_of('month', add_days('month_start', 31)) %}

with dates as (

    select
        calendar_date,
        last_date.last_date,
        last_date.closes_at
    from {{ ref('last_date') }} as last_date
    cross join {{ unnested(date_array(
        first_date_of('month', "date '" ~ partitions_start() ~ "'"), 'last_date.last_date'
    ), 'calendar_date') }}

),

months as (

    select
        month_start,
        {{ month_number('month_start') }} as month_number,
        {{ start_of_date('month_start') }} as opens_at,
        least({{ start_of_date(next_month) }}, closes_at) as closes_at,
        {{ add_days(next_month, 89) }} <= last_date as is_mature
    from (
        select
            calendar_date as month_start,
            last_date,
            closes_at
        from dates
        where calendar_date = {{ first_date_of('month', 'calendar_date') }}
    ) as first_dates

),

openings as (

    select
        opening_id,
        {{ known('company_id') }} as company_id,
        {{ first_date_of('month', date_of_timestamp('started_at')) }} as posted_in,
        case when outcome = 'filled' and days < 90 then 1 else 0 end as is_filled_90d
    from {{ ref('opening_outcomes') }}
    where as_of_to is null

),

live_in_months as (

    select
        months.month_start,
        openings.company_id,
        openings.opening_id,
        max(case when periods.ends_at is null or periods.ends_at >= months.closes_at then 1 else 0 end)
            as is_live_at_close
    from {{ ref('posting_periods') }} as periods
    inner join openings on periods.opening_id = openings.opening_id
    inner join months
        on
            periods.begins_at < months.closes_at
            and (periods.ends_at > months.opens_at or periods.ends_at is null)
    where periods.source = 'product'
    group by months.month_start, openings.company_id, openings.opening_id

),

applications as (

    select
        waits.application_id,
        waits.company_id,
        waits.waited_hours,
        waits.outcome,
        {{ first_date_of('month', 'waits.applied_date') }} as month_start
    from {{ ref('application_waits') }} as waits
    cross join {{ ref('last_date') }} as last_date
    where waits.applied_date <= last_date.last_date

),

hires as (

    select
        waits.company_id,
        {{ first_date_of('month', date_of_timestamp('facts.placed_at')) }} as month_start
    from {{ ref('applications') }} as facts
    inner join {{ ref('application_waits') }} as waits on facts.application_id = waits.application_id
    cross join {{ ref('last_date') }} as last_date
    where facts.placed_at < last_date.closes_at

),

-- What is counted, once each; a relation's columns that it does not tell are 0.
{%- set told = {
    'openings': ('posted_in', {'openings_posted': '1', 'filled_90d': 'is_filled_90d'}),
    'live_in_months': ('month_start', {'openings_live': '1', 'live_openings': 'is_live_at_close'}),
    'applications': ('month_start', {'applications': '1'}),
    'hires': ('month_start', {'placed': '1'}),
} %}
counted as (
    {% for relation, (month, columns) in told.items() %}
    {{ 'union all' if not loop.first }}
    select
        {{ month }} as month_start,
        company_id,
        {%- for column in counts %}
        {{ columns.get(column, '0') }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {% endfor %}
),

counted_in_months as (

    select
        counted.*,
        months.month_number,
        months.is_mature
    from counted
    inner join months on counted.month_start = months.month_start

),

sums as (

    select
        month_start,
        month_number,
        is_mature,
        {{ rolled_up('company_id') }} as company_group,
        {%- for column in counts %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted_in_months
    group by
        grouping sets ( -- noqa: PRS
            (month_start, month_number, is_mature, company_id),
            (month_start, month_number, is_mature)
        )

),

posting_months as (

    select
        company_id,
        {{ month_number('posted_in') }} as month_number,
        min({{ month_number('posted_in') }}) over (partition by company_id) as first_number
    from openings
    group by company_id, posted_in

),

-- How an employer posted in the month and in the 12 before it.
employers as (

    select
        sums.month_start,
        sums.company_group as company_id,
        max(sums.openings_live) > 0 as is_active,
        max(sums.openings_posted) > 0 as has_posted,
        max(sums.openings_posted) > 0
        and coalesce(min(posting_months.month_number) < max(sums.month_number), false) as is_repeat,
        coalesce(min(posting_months.first_number) = max(sums.month_number), false) as is_new,
        count(case when posting_months.month_number > sums.month_number - 12 then 1 end) as months_active_12
    from sums
    left join posting_months
        on
            sums.company_group = posting_months.company_id
            and posting_months.month_number between sums.month_number - 12 and sums.month_number
    where sums.company_group <> '__all__'
    group by sums.month_start, sums.company_group

),

markets as (

    select
        month_start,
        '__all__' as company_id,
        sum(case when is_active then 1 else 0 end) as active_employers,
        sum(case when is_new then 1 else 0 end) as new_employers,
        sum(case when is_repeat then 1 else 0 end) as repeat_employers,
        sum(case when has_posted then 1 else 0 end) as posting_employers
    from employers
    where company_id <> '(unknown)'
    group by month_start

),

waits as (

    select
        month_start,
        company_id,
        waited_hours,
        outcome
    from applications
    where waited_hours is not null
    union all
    select
        month_start,
        '__all__' as company_id,
        waited_hours,
        outcome
    from applications
    where waited_hours is not null

),

responses as (

    {{ survival_table('waits', ['month_start', 'company_id'], 'waited_hours', 'outcome', ['responded']) }}

),

medians as (

    select
        month_start,
        company_id,
        {{ median_of_survival('waited_hours') }} as median_hours_to_response
    from responses
    group by month_start, company_id

)

select
    sums.month_start,
    sums.company_group as company_id,
    {%- for column in ['openings_posted', 'live_openings', 'applications', 'placed'] %}
    cast(sums.{{ column }} as bigint) as {{ column }},
    {%- endfor %}
    case when sums.is_mature then cast(sums.filled_90d as bigint) end as filled_90d,
    case
        when sums.is_mature then {{ rate('sums.filled_90d', 'sums.openings_posted') }}
    end as filled_90d_rate,
    {{ rate('sums.applications', 'sums.openings_live') }} as applications_per_opening,
    medians.median_hours_to_response,
    employers.is_repeat,
    employers.months_active_12,
    {%- for column in ['active_employers', 'new_employers', 'repeat_employers'] %}
    case
        when sums.company_group = '__all__' then cast(coalesce(markets.{{ column }}, 0) as bigint)
    end as {{ column }},
    {%- endfor %}
    {{ rate('markets.repeat_employers', 'markets.posting_employers') }} as repeat_share
from sums
left join employers
    on sums.month_start = employers.month_start and sums.company_group = employers.company_id
left join markets
    on sums.month_start = markets.month_start and sums.company_group = markets.company_id
left join medians
    on sums.month_start = medians.month_start and sums.company_group = medians.company_id
