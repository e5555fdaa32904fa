{#- Rows of dates that nothing has touched are taken over, so that a day costs what its own dates do. -#}
{{ config(**replace_touched_config('valid_from', cluster_by=['job_id'], also='true')) }}
{%- set takes_over = is_for_touched_dates() %}

with first_versions as (

    select
        job_id,
        min(valid_from) as valid_from
    from {{ ref('job_versions') }}
    where version = 1
    group by job_id

),

-- A list stands on the date of its first impression, which may be before the job's own.
known_jobs as (

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
{% if takes_over %}
-- The rates and lists of the dates before this one are as they were.
first_touched as (

    select
        least(
            {% if var('touched_since') %}date '{{ var('touched_since') }}',{% endif %}
            -- Rates have lost the lists before the first partition, where that is a later one than it was.
            case when min(told.first_date) < date '{{ partitions_start() }}' then min(told.first_date) end,
            {{ add_days('min(told.told_until)', 1) }},
            min(last_date.last_date)
        ) as touched_from
    from {{ this }} as told
    cross join {{ ref('last_date') }} as last_date

),

-- A job that is known since another date is told from the beginning.
untouched as (

    select
        told.job_id,
        told.tier,
        told.valid_from,
        first_touched.touched_from
    from {{ this }} as told
    inner join known_jobs on told.job_id = known_jobs.job_id and told.first_date = known_jobs.first_date
    cross join first_touched
    where told.valid_from < first_touched.touched_from

),
{% endif %}
jobs as (

    select
        known_jobs.job_id,
        known_jobs.last_date,
        known_jobs.first_date,
        {% if takes_over -%}
        coalesce(told.touched_from, known_jobs.first_date) as told_from
        {%- else -%}
        known_jobs.first_date as told_from
        {%- endif %}
    from known_jobs
    {%- if takes_over %}
    left join (
        select
            job_id,
            min(touched_from) as touched_from
        from untouched
        group by job_id
    ) as told on known_jobs.job_id = told.job_id
    {%- endif %}

),

listed as (

    select
        jobs.job_id,
        greatest(lists.event_date, jobs.told_from) as changed_on,
        lists.rank_position,
        lists.clicked
    from {{ ref('result_list_items') }} as lists
    inner join jobs on lists.job_id = jobs.job_id
    where {{ in_any_partition('lists.event_date') }} and lists.event_date <= jobs.last_date
    union all
    select
        job_id,
        told_from as changed_on,
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

items as (

    select
        job_id,
        changed_on,
        {{ counts_of_items() }}
    from listed
    group by job_id, changed_on

),

totals as (

    select
        job_id,
        {%- for rank in ranks_of_items() %}
        sum(shown_{{ rank }}) as shown_{{ rank }}{{ ',' if not loop.last }}
        {%- endfor %}
    from items
    group by job_id

),

weighed as (

    select totals.job_id
    from totals
    cross join highest
    where {{ may_have_a_tier(expected_clicks('totals', 'highest')) }}

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
    inner join weighed on items.job_id = weighed.job_id
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
        jobs.told_from as changed_on,
        '{{ no_tier() }}' as tier
    from jobs
    left join weighed on jobs.job_id = weighed.job_id
    where weighed.job_id is null

),

-- What holds already at the first date that is told again is left out.
told as (

    select
        job_id,
        changed_on,
        tier
    from tiers
    {%- if takes_over %}
    union all
    select
        job_id,
        valid_from as changed_on,
        tier
    from untouched
    {%- endif %}

),

history as (

    {{ history_of_state('told', 'job_id', ['tier']) }}

)

select
    history.job_id,
    history.tier,
    history.valid_from,
    history.valid_to,
    jobs.first_date,
    jobs.last_date as told_until
from history
inner join jobs on history.job_id = jobs.job_id
