{{ config(**whole_config(cluster_by=['date'])) }}
{%- set date = adapter.quote('date') %}
{%- set groups = ['category_group', 'country_group', 'source_group'] %}
{%- set reasons = reasons_of_end() %}
{%- set counts = ['posted', 'reposted', 'resumed', 'ended'] + reasons %}
{%- set states = ['live_postings', 'stale_postings', 'evergreen_postings'] %}
{%- set told_of_versions = ['born_on', 'is_evergreen', 'is_shared', 'live_since', 'live_until'] %}
{%- set told_of_openings = ['source_of_opening', 'opening_id', 'live_since', 'live_until', 'postings'] %}
{%- set by_age -%}
    partition by group_number, as_of_date
    order by age, is_evergreen
    rows between unbounded preceding and current row
{%- endset %}

with postings as (

    select
        source,
        job_id,
        opening_id,
        min(begins_at) as first_live_at
    from {{ ref('posting_periods') }}
    group by source, job_id, opening_id

),

numbered as (

    select
        *,
        row_number() over (partition by source, opening_id order by first_live_at, job_id) as posting_number,
        count(*) over (partition by source, opening_id) > 1 as is_shared,
        {{ born_on('first_live_at') }} as born_on
    from postings

),

versions as (

    select
        versions.source,
        versions.job_id,
        versions.version,
        versions.category,
        versions.countries,
        versions.is_evergreen,
        {{ date_of_timestamp('versions.live_from') }} as live_since,
        case
            when versions.live_to < last_date.closes_at then {{ date_of_timestamp('versions.live_to') }}
        end as live_until,
        versions.source as source_of_opening,
        numbered.opening_id,
        numbered.is_shared,
        numbered.born_on,
        1 as postings
    from {{ ref('live_versions') }} as versions
    inner join numbered on versions.source = numbered.source and versions.job_id = numbered.job_id
    cross join {{ ref('last_date') }} as last_date
    where versions.live_from < last_date.closes_at

),

changes as (

    select
        periods.source,
        periods.job_id,
        periods.first_version as version,
        {{ date_of_timestamp('periods.begins_at') }} as happened_on,
        case when periods.period = 1 then 1 else 0 end as posted,
        case when periods.period = 1 and numbered.posting_number > 1 then 1 else 0 end as reposted,
        case when periods.period > 1 then 1 else 0 end as resumed,
        0 as ended,
        cast(null as {{ type_string() }}) as end_reason
    from {{ ref('posting_periods') }} as periods
    inner join numbered on periods.source = numbered.source and periods.job_id = numbered.job_id
    union all
    select
        source,
        job_id,
        last_version as version,
        {{ date_of_timestamp('ends_at') }} as happened_on,
        0 as posted,
        0 as reposted,
        0 as resumed,
        1 as ended,
        end_reason
    from {{ ref('posting_periods') }}
    where ends_at is not null

),

moments as (

    select
        changes.*,
        versions.category,
        versions.countries
    from changes
    inner join versions
        on
            changes.source = versions.source
            and changes.job_id = versions.job_id
            and changes.version = versions.version

),

-- What is alike is counted before it goes to its groups.
moments_alike as (

    {{ counted_alike('moments', ['source', 'category', 'happened_on', 'end_reason'], counts[:4]) }}

),

moments_of_countries as (

    {{ counted_alike('moments', ['country', 'happened_on', 'end_reason'], counts[:4], by_country=true) }}

),

moments_of_groups as (

    {{ in_groups_of_postings(
        'moments_alike', 'moments_of_countries', ['happened_on', 'end_reason'] + counts[:4]
    ) }}

),

versions_alike as (

    {{ counted_alike('versions', ['source', 'category'] + told_of_versions, ['postings']) }}

),

versions_of_countries as (

    {{ counted_alike('versions', ['country'] + told_of_versions, ['postings'], by_country=true) }}

),

versions_of_groups as (

    {{ in_groups_of_postings('versions_alike', 'versions_of_countries', told_of_versions + ['postings']) }}

),

-- An opening of one posting is live while this is.
steps_of_groups as (

    select
        {{ groups | join(', ') }},
        born_on,
        is_evergreen,
        changed_on,
        sum(step) as step,
        sum(case when is_shared then 0 else step end) as opening_step
    from (
        {{ steps_of_postings('versions_of_groups', groups + ['born_on', 'is_evergreen', 'is_shared']) }}
    ) as steps
    group by {{ groups | join(', ') }}, born_on, is_evergreen, changed_on

),

shared_versions as (

    select *
    from versions
    where is_shared

),

shared_versions_of_countries as (

    {{ rows_of_elements('shared_versions', 'countries', 'country', told_of_openings) }}

),

shared_versions_of_groups as (

    {{ in_groups_of_postings('shared_versions', 'shared_versions_of_countries', told_of_openings) }}

),

-- Postings of one age.
ages as (

    select
        {{ groups | join(', ') }},
        born_on,
        is_evergreen,
        changed_on,
        sum(step) over (
            partition by {{ groups | join(', ') }}, born_on, is_evergreen
            order by changed_on
            rows between unbounded preceding and current row
        ) as postings,
        lead(changed_on) over (
            partition by {{ groups | join(', ') }}, born_on, is_evergreen
            order by changed_on
        ) as changes_next_on
    from steps_of_groups

),

-- A number takes less long to sort by than three texts.
numbers as (

    select
        {{ groups | join(', ') }},
        row_number() over (order by {{ groups | join(', ') }}) as group_number
    from ages
    group by {{ groups | join(', ') }}

),

age_spans as (

    select
        numbers.group_number,
        ages.born_on,
        ages.is_evergreen,
        ages.postings,
        greatest(ages.changed_on, date '{{ partitions_start() }}') as first_on,
        coalesce({{ add_days('ages.changes_next_on', -1) }}, last_date.last_date) as last_on
    from ages
    inner join numbers
        on
            {%- for group in groups %}
            {{ 'and ' if not loop.first }}ages.{{ group }} = numbers.{{ group }}
            {%- endfor %}
    cross join {{ ref('last_date') }} as last_date
    where ages.postings > 0

),

ages_by_date as (

    select
        age_spans.group_number,
        as_of_date,
        {{ days_of_date('as_of_date') }} - {{ days_of_date('age_spans.born_on') }} as age,
        age_spans.is_evergreen,
        age_spans.postings
    from age_spans
    cross join {{ unnested(date_array('age_spans.first_on', 'age_spans.last_on'), 'as_of_date') }}

),

placed_ages as (

    select
        *,
        sum(postings) over ({{ by_age }}) - postings as below_it,
        sum(postings) over ({{ by_age }}) as up_to_it,
        sum(postings) over (partition by group_number, as_of_date) as live_postings
    from ages_by_date

),

-- The median lies half-way between the last posting of the lower half and the first of the upper half; of an
-- odd number, both are the one in the middle.
states as (

    select
        group_number,
        as_of_date,
        sum(postings) as live_postings,
        sum(case when age > 90 and not is_evergreen then postings else 0 end) as stale_postings,
        sum(case when is_evergreen then postings else 0 end) as evergreen_postings,
        sum(
            case when 2 * below_it < live_postings and live_postings <= 2 * up_to_it then age else 0 end
            + case when 2 * below_it <= live_postings and live_postings < 2 * up_to_it then age else 0 end
        ) as ages_in_the_middle
    from placed_ages
    group by group_number, as_of_date

),

-- Of an opening of several postings, the first that is live counts, and the last that ceases to be.
shared_openings as (

    select
        {{ groups | join(', ') }},
        changed_on,
        sum(step) as step,
        sum(sum(step)) over (
            partition by {{ groups | join(', ') }}, source_of_opening, opening_id
            order by changed_on
            rows between unbounded preceding and current row
        ) as postings
    from (
        {{ steps_of_postings('shared_versions_of_groups', groups + ['source_of_opening', 'opening_id']) }}
    ) as steps
    group by {{ groups | join(', ') }}, source_of_opening, opening_id, changed_on
    -- Where one version follows another of the same group, nothing changes.
    having sum(steps.step) <> 0

),

parts as (

    select
        {{ groups | join(', ') }},
        happened_on as {{ date }},
        {%- for column in counts[:4] %}
        {{ column }},
        {%- endfor %}
        {%- for reason in reasons %}
        case when end_reason = '{{ reason }}' then ended else 0 end as {{ reason }},
        {%- endfor %}
        {%- for column in states %}
        0 as {{ column }},
        {%- endfor %}
        0 as ages_in_the_middle,
        0 as opening_steps
    from moments_of_groups
    union all
    select
        {%- for group in groups %}
        numbers.{{ group }},
        {%- endfor %}
        states.as_of_date as {{ date }},
        {%- for column in counts %}
        0 as {{ column }},
        {%- endfor %}
        {%- for column in states %}
        states.{{ column }},
        {%- endfor %}
        states.ages_in_the_middle,
        0 as opening_steps
    from states
    inner join numbers on states.group_number = numbers.group_number
    union all
    {%- for relation, opening_steps in [
        ('steps_of_groups', 'opening_step'),
        ('shared_openings', 'case when postings = step then 1 else 0 end - case when postings = 0 then 1 else 0 end'),
    ] %}
    {{ 'union all' if not loop.first }}
    select
        {{ groups | join(', ') }},
        changed_on as {{ date }},
        {%- for column in counts + states %}
        0 as {{ column }},
        {%- endfor %}
        0 as ages_in_the_middle,
        {{ opening_steps }} as opening_steps
    from {{ relation }}
    {%- endfor %}

),

rows_of_dates as (

    select
        {{ date }},
        {{ groups | join(', ') }},
        {%- for column in counts + states %}
        sum({{ column }}) as {{ column }},
        {%- endfor %}
        sum(ages_in_the_middle) as ages_in_the_middle,
        sum(sum(opening_steps)) over (
            partition by {{ groups | join(', ') }}
            order by {{ date }}
            rows between unbounded preceding and current row
        ) as live_openings
    from parts
    group by {{ date }}, {{ groups | join(', ') }}

)

select
    {{ date }},
    category_group as category,
    country_group as country,
    source_group as source,
    {%- for column in counts %}
    cast({{ column }} as bigint) as {{ column }},
    {%- endfor %}
    cast(live_postings as bigint) as live_postings,
    cast(live_openings as bigint) as live_openings,
    case when live_postings >= 5 then {{ as_double('ages_in_the_middle') }} / 2 end as median_age_days,
    cast(stale_postings as bigint) as stale_postings,
    cast(evergreen_postings as bigint) as evergreen_postings
from rows_of_dates
where
    {{ date }} >= date '{{ partitions_start() }}'
    and (posted > 0 or resumed > 0 or ended > 0 or live_postings > 0)
