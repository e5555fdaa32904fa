{{ config(**whole_config(cluster_by=['week_start', 'category'])) }}

with hires as (

    select
        {{ first_date_of('week', date_of_timestamp('applications.placed_at')) }} as week_start,
        waits.category,
        applications.days_to_placed
    from {{ ref('application_waits') }} as waits
    inner join {{ ref('applications') }} as applications
        on waits.application_id = applications.application_id
    cross join {{ ref('last_date') }} as last_date
    where applications.placed_at < last_date.closes_at

),

members as (

    select *
    from hires
    union all
    select
        week_start,
        '__all__' as category,
        days_to_placed
    from hires

),

-- Those without a duration come last, and are no candidates for the median.
numbered as (

    select
        week_start,
        category,
        days_to_placed,
        row_number() over (
            partition by week_start, category
            order by case when days_to_placed is null then 1 else 0 end, days_to_placed
        ) as place,
        count(days_to_placed) over (partition by week_start, category) as durations
    from members

)

select
    week_start,
    category,
    count(*) as hires,
    case
        when max(durations) >= 5
            -- The middle one, or the mean of the two in the middle.
            then avg(case when 2 * place between durations and durations + 2 then days_to_placed end)
    end as median_days_application_to_hire
from numbered
where {{ add_days('week_start', 6) }} >= date '{{ partitions_start() }}'
group by week_start, category
