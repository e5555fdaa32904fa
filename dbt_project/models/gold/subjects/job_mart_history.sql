{{ config(**whole_config(cluster_by=['job_id'])) }}

with first_versions as (

    select
        job_id,
        min(valid_from) as valid_from
    from {{ ref('job_versions') }}
    group by job_id

),

-- A list stands on the date of its first impression, which may be before the job's own.
jobs as (

    select
        marts.job_id,
        last_date.last_date,
        greatest(
            least(
                coalesce(marts.first_date, {{ date_of_timestamp('first_versions.valid_from') }}),
                coalesce({{ date_of_timestamp('first_versions.valid_from') }}, marts.first_date)
            ),
            date '{{ partitions_start() }}'
        ) as first_date
    from {{ ref('job_mart') }} as marts
    cross join {{ ref('last_date') }} as last_date
    left join first_versions on marts.job_id = first_versions.job_id

),

listed as (

    select
        jobs.job_id,
        greatest(lists.event_date, jobs.first_date) as changed_on,
        lists.rank_position,
        lists.clicked
    from {{ ref('result_list_items') }} as lists
    inner join jobs on lists.job_id = jobs.job_id
    where {{ in_any_partition('lists.event_date') }} and lists.event_date <= jobs.last_date
    union all
    select
        job_id,
        first_date as changed_on,
        null as rank_position,
        false as clicked
    from jobs

),

usual as (

    {{ usual_ctr() }}

),

-- What is usual at its best: a job whose items would not give enough expected clicks then never has a tier.
highest as (

    select
        {%- for rank in ranks_of_items() %}
        coalesce(max(ctr_{{ rank }}), 0) as ctr_{{ rank }}{{ ',' if not loop.last }}
        {%- endfor %}
    from usual

),

totals as (

    select
        job_id,
        {{ counts_of_items() }}
    from listed
    group by job_id

),

weighed as (

    select totals.job_id
    from totals
    cross join highest
    where {{ may_have_a_tier(expected_clicks('totals', 'highest')) }}

),

items as (

    select
        listed.job_id,
        listed.changed_on,
        {{ counts_of_items() }}
    from listed
    inner join weighed on listed.job_id = weighed.job_id
    group by listed.job_id, listed.changed_on

),

items_so_far as (

    select
        items.job_id,
        items.changed_on,
        {%- for rank in ranks_of_items() %}
        sum(items.shown_{{ rank }}) over so_far as shown_{{ rank }},
        {%- endfor %}
        sum(items.clicked) over so_far as clicked,
        coalesce(
            {{ add_days('lead(items.changed_on) over in_order', -1) }},
            last_date.last_date
        ) as holds_until
    from items
    cross join {{ ref('last_date') }} as last_date
    window
        in_order as (partition by items.job_id order by items.changed_on),
        so_far as (in_order rows between unbounded preceding and current row)

),

judged_by_lists as (

    select
        items_so_far.*,
        {{ may_have_a_tier(expected_clicks('items_so_far', 'highest')) }} as may_have_a_tier
    from items_so_far
    cross join highest

),

-- The usual rates change on every date.
dated as (

    select
        judged_by_lists.*,
        as_of_date
    from judged_by_lists
    cross join {{ unnested(
        date_array('judged_by_lists.changed_on', 'judged_by_lists.holds_until'), 'as_of_date'
    ) }}
    where judged_by_lists.may_have_a_tier

),

expectations as (

    select
        dated.job_id,
        dated.as_of_date,
        dated.clicked,
        {{ expected_clicks('dated', 'usual') }} as expected_clicks
    from dated
    left join usual on dated.as_of_date = usual.as_of_date

),

tiers as (

    select
        job_id,
        as_of_date as changed_on,
        {{ tier_of_job('expected_clicks', rate('clicked', 'expected_clicks')) }} as tier
    from expectations
    union all
    select
        job_id,
        changed_on,
        '{{ no_tier() }}' as tier
    from judged_by_lists
    where not may_have_a_tier
    union all
    select
        jobs.job_id,
        jobs.first_date as changed_on,
        '{{ no_tier() }}' as tier
    from jobs
    left join weighed on jobs.job_id = weighed.job_id
    where weighed.job_id is null

),

judged as (

    {% for status in ['qualified', 'disqualified'] -%}
    {{ 'union all' if not loop.first }}
    select
        jobs.job_id,
        greatest({{ date_of_timestamp('applications.' ~ status ~ '_at') }}, jobs.first_date) as changed_on,
        {{ 1 if status == 'qualified' else 0 }} as qualified,
        {{ 1 if status == 'disqualified' else 0 }} as disqualified
    from {{ ref('applications') }} as applications
    inner join jobs on applications.job_id = jobs.job_id
    where {{ date_of_timestamp('applications.' ~ status ~ '_at') }} <= jobs.last_date
    {% endfor -%}
    union all
    select
        job_id,
        first_date as changed_on,
        0 as qualified,
        0 as disqualified
    from jobs

),

judgements as (

    select
        job_id,
        changed_on,
        sum(sum(qualified)) over so_far as qualified,
        sum(sum(disqualified)) over so_far as disqualified
    from judged
    group by job_id, changed_on
    window so_far as (
        partition by job_id order by changed_on rows between unbounded preceding and current row
    )

),

quality_tiers as (

    select
        job_id,
        changed_on,
        {{ quality_tier_of_job('qualified', 'disqualified') }} as quality_tier
    from judgements

),

tier_history as (

    {{ history_of_state('tiers', 'job_id', ['tier']) }}

),

quality_history as (

    {{ history_of_state('quality_tiers', 'job_id', ['quality_tier']) }}

)

select
    of_tiers.job_id,
    of_tiers.tier,
    of_qualities.quality_tier,
    greatest(of_tiers.valid_from, of_qualities.valid_from) as valid_from,
    case
        when of_tiers.valid_to < of_qualities.valid_to then of_tiers.valid_to
        else coalesce(of_qualities.valid_to, of_tiers.valid_to)
    end as valid_to
from tier_history as of_tiers
inner join quality_history as of_qualities
    on
        of_tiers.job_id = of_qualities.job_id
        and (of_tiers.valid_from < of_qualities.valid_to or of_qualities.valid_to is null)
        and (of_tiers.valid_to > of_qualities.valid_from or of_tiers.valid_to is null)
