{#
  Which dates of fact_application have to be built again after versions of entities have changed. The table of changed
  intervals, var('changed_versions') in bronze, says of an entity (entity_table, source, entity_key) that what its
  versions say of [changed_from, changed_to) is another than before, the beginning of each included, since it is in the
  key of the version; a changed_to that is NULL stands for no end.

  It is asked after versions were built, before the facts are. An application that events tell of newly may be named
  there like one whose versions have changed.
#}
{%- set changed = source('bronze', 'files').incorporate(
    path={'identifier': var('changed_versions', 'changed_versions')}
) %}
{%- set dimensions = ['job', 'company', 'candidate', 'campaign'] %}

with changes as (

    select
        entity_table,
        source,
        entity_key,
        changed_from,
        coalesce(changed_to, {{ last_instant() }}) as changed_to
    from {{ changed }}

),

-- Versions of the source that answers for the id, since facts are joined with no others.
versions as (

    {% for dimension in dimensions -%}
    {{ 'union all' if not loop.first }}
    select
        '{{ dimension }}' as entity_table,
        source,
        cast({{ id_of(dimension) }} as string) as entity_key,
        valid_from
    from (
        {{ told_once(ref(dimension ~ '_versions'), id_of(dimension)) }}
    ) as answering
    {% endfor %}

),

-- Facts before the first version are joined with it, facts in a gap with the version before the gap. So a
-- change reaches back to the beginning where no version begins before it, and on to the next that begins.
reaches as (

    select
        changes.entity_table,
        changes.entity_key,
        case
            when min(versions.valid_from) < changes.changed_from then changes.changed_from
            else {{ first_instant() }}
        end as reaches_from,
        coalesce(
            min(case when versions.valid_from >= changes.changed_to then versions.valid_from end),
            {{ last_instant() }}
        ) as reaches_to
    from changes
    left join versions
        on changes.entity_table = versions.entity_table and changes.entity_key = versions.entity_key
    group by
        changes.entity_table,
        changes.source,
        changes.entity_key,
        changes.changed_from,
        changes.changed_to
    having max(versions.source) is null or max(versions.source) = changes.source

),

-- Without applied_at, the time of an application lies somewhere on its date.
facts as (

    select
        facts.application_id,
        facts.applied_date,
        coalesce(facts.applied_at, {{ start_of_date('facts.applied_date') }}) as earliest_at,
        coalesce(facts.applied_at, {{ start_of_date(add_days('facts.applied_date', 1)) }}) as latest_at,
        facts.job_id,
        jobs.company_id,
        facts.candidate_id,
        cast(facts.campaign_id as string) as campaign_id
    from {{ ref('fact_application') }} as facts
    left join {{ ref('dim_job') }} as jobs on facts.job_key = jobs.job_key
    where {{ in_any_partition('facts.applied_date') }}

),

named_applications as (

    select distinct entity_key as application_id
    from changes
    where entity_table = 'application'

),

applications as (

    select
        *,
        row_number() over (partition by application_id order by valid_from desc) as place
    from ({{ told_once(ref('application_versions'), 'application_id') }}) as answering
    where application_id in (select named_applications.application_id from named_applications)

),

observations as (

    select
        application_id,
        case when event_name = 'apply' then 'submitted' else application_status end as status,
        event_ts as observed_at
    from {{ ref('events') }}
    where
        event_name in ('apply', 'application_status')
        and application_id in (select named_applications.application_id from named_applications)
        and {{ in_any_partition('event_date') }}
    union all
    select
        application_id,
        status,
        valid_from as observed_at
    from applications
    union all
    select
        application_id,
        'reviewed' as status,
        reviewed_at as observed_at
    from applications
    where place = 1

),

first_seen as (

    select
        application_id,
        min(case when status = 'submitted' then observed_at end) as submitted_at,
        min(case when status is not null then observed_at end) as first_observed_at
    from observations
    group by application_id

),

first_begun as (

    select
        application_id,
        max(case when place = 1 then applied_at end) as applied_at,
        min(valid_from) as first_valid_from
    from applications
    group by application_id

),

dates as (

    {% for dimension in dimensions -%}
    select facts.applied_date
    from facts
    inner join reaches
        on
            facts.{{ id_of(dimension) }} = reaches.entity_key
            and facts.latest_at >= reaches.reaches_from
            and facts.earliest_at < reaches.reaches_to
    where reaches.entity_table = '{{ dimension }}'
    union all
    {% endfor -%}
    -- Of the applications themselves: the date that they are on, and the one that they come to.
    select facts.applied_date
    from facts
    inner join named_applications on facts.application_id = named_applications.application_id
    union all
    select
        {{ date_of_timestamp(
            'coalesce(begun.applied_at, seen.submitted_at, seen.first_observed_at, begun.first_valid_from)'
        ) }} as applied_date
    from named_applications
    left join first_seen as seen on named_applications.application_id = seen.application_id
    left join first_begun as begun on named_applications.application_id = begun.application_id

)

select distinct applied_date
from dates
where applied_date is not null
order by applied_date
