{{ config(**replace_window_config('_source_dt', cluster_by=['event_date', 'event_id'], files_of='events')) }}
{%- set text_fields = string_fields() + string_or_integer_fields() + [
    'event_id', 'event_name', 'event_ts', 'ingested_at', 'surface', 'currency', 'application_status'
] %}
{%- set number_fields = integer_fields() + string_or_integer_fields() + [
    'schema_version', 'event_ts', 'ingested_at', 'bid'
] %}

with lines as (

    select
        _source_dt,
        _source_file,
        _source_line,
        _source_sha256,
        raw_line,
        raw_form,
        case when raw_form = 'text' then {{ is_json('raw_line') }} else false end as is_json
    from {{ source('bronze', 'events_raw') }}
    where
        {{ in_window('_source_dt') }}
        and {{ is_committed('events') }}
        and {{ is_to_be_staged('events') }}

),

objects as (

    select
        *,
        case when is_json then {{ matches('raw_line', '^\\s*[{]') }} else false end as is_object
    from lines

),

documents as (

    select
        *,
        {{ json_document('case when is_object then raw_line end', known_fields()) }} as document
    from objects

),

-- An empty string is missing, except in search_query.
members as (

    select
        _source_dt,
        _source_file,
        _source_line,
        _source_sha256,
        raw_line,
        raw_form,
        is_json,
        is_object
        {%- for field in known_fields() %},
        {% if field == 'search_query' -%}
        {{ json_member('document', field) }} as {{ field }}_member
        {%- else -%}
        nullif({{ json_member('document', field) }}, '""') as {{ field }}_member
        {%- endif -%}
        {% endfor %}
    from documents

),

doubtful as (

    select
        *,
        {% for field in number_fields -%}
        {{ 'or ' if not loop.first }}{{ may_have_lost_digits(field ~ '_member') }}
        {% endfor -%}
        as has_doubtful_number
    from members

),

exact_documents as (

    select
        *,
        {{ json_document(
            'case when has_doubtful_number then ' ~ with_numbers_as_strings('raw_line') ~ ' end', number_fields
        ) }} as exact_document
    from doubtful

),

texts as (

    select
        *,
        {% for field in text_fields -%}
        {{ json_text(field ~ '_member') }} as {{ field }}_text,
        {% endfor -%}
        {% for field in number_fields -%}
        case
            when {{ may_have_lost_digits(field ~ '_member') }}
                then {{ json_text(json_member('exact_document', field)) }}
            else {{ json_digits(field ~ '_member') }}
        end as {{ field }}_spelling,
        {% endfor -%}
        case when substr(experiments_member, 1, 1) = '[' then experiments_member end as experiments_array
    from exact_documents

),

-- Without a doubtful number there is neither a point nor an exponent to look for.
digits as (

    select
        *,
        {% for field in number_fields -%}
        case
            when has_doubtful_number then {{ without_exponent(field ~ '_spelling') }}
            else {{ field }}_spelling
        end as {{ field }}_digits{{ ',' if not loop.last }}
        {% endfor %}
    from texts

),

numbers as (

    select
        *,
        {% for field in number_fields -%}
        case
            when has_doubtful_number then {{ whole_number(field ~ '_digits') }}
            else {{ try_cast_to(field ~ '_digits', 'bigint') }}
        end as {{ field }}_integer,
        {% endfor -%}
        {{ try_cast_to('bid_spelling', type_double()) }} as bid_number,
        coalesce({{ micros_of_rfc3339('event_ts_text') }}, {{ micros_of_epoch('event_ts_digits') }})
            as unchecked_event_micros,
        coalesce({{ micros_of_rfc3339('ingested_at_text') }}, {{ micros_of_epoch('ingested_at_digits') }})
            as unchecked_ingested_micros,
        {{ listed_pairs('experiments_array') }} as listed_experiments
    from digits

),

instants as (

    select
        *,
        {{ in_calendar('unchecked_event_micros') }} as event_micros,
        {{ in_calendar('unchecked_ingested_micros') }} as ingested_micros,
        case when schema_version_member is null then 1 else schema_version_integer end as schema_version,
        case
            when surface_member is not null then surface_text
            when
                rank_position_member is not null or search_id_member is not null or event_name_text = 'search'
                then 'search'
            else 'direct'
        end as surface,
        {{ is_plainly_complete('experiments_array', 'listed_experiments') }} as experiments_are_plain
    from numbers

),

dates as (

    select
        *,
        {{ date_of_micros('event_micros') }} as read_date
    from instants

),

judged as (

    select
        *,
        case
            when raw_form = 'head_base64' then 'line_too_long'
            when raw_form = 'base64' then 'not_utf8'
            when not is_json then 'not_json'
            when not is_object then 'not_an_object'
            when schema_version is null or schema_version not in (1, 2) then 'unsupported_schema_version'
            when event_id_text is null or length(event_id_text) > 128 then 'missing_event_id'
            when
                event_name_text is null
                or event_name_text not in ({{ quoted_list(event_names() + other_event_names()) }})
                then 'unknown_event_name'
            when read_date is null then 'bad_event_ts'
            when read_date > {{ add_days('_source_dt', 1) }} then 'event_ts_in_future'
            when read_date < date '{{ partitions_start() }}' then 'event_ts_too_old'
            when user_id_member is null and anonymous_id_member is null then 'missing_identity'
            when job_id_member is null and event_name_text in ({{ quoted_list(event_names_with_job()) }})
                then 'missing_job_id'
            when
                schema_version = 2 and search_id_member is null
                and (event_name_text = 'search' or (event_name_text = 'impression' and surface = 'search'))
                then 'missing_search_id'
            when
                rank_position_member is not null
                and (rank_position_integer is null or rank_position_integer < 1)
                then 'bad_rank_position'
            when
                rank_position_member is null and event_name_text = 'impression'
                and search_id_member is not null
                then 'bad_rank_position'
            when (experiment_id_member is null) <> (variant_member is null) then 'incomplete_experiment'
            when not experiments_are_plain and {{ has_incomplete_element('experiments_array') }}
                then 'incomplete_experiment'
            when
                application_status_member is not null
                and (
                    application_status_text is null
                    or application_status_text not in ({{ quoted_list(application_statuses()) }})
                )
                then 'bad_application_status'
            when
                event_name_text = 'application_status'
                and (application_status_member is null or application_id_member is null)
                then 'bad_application_status'
            {% for field in string_fields() -%}
            when {{ field }}_member is not null and {{ field }}_text is null then 'bad_field_type'
            {% endfor -%}
            {% for field in string_or_integer_fields() -%}
            when {{ field }}_member is not null and {{ field }}_text is null and {{ field }}_integer is null
                then 'bad_field_type'
            {% endfor -%}
            {% for field in integer_fields() -%}
            when {{ field }}_member is not null and {{ field }}_integer is null then 'bad_field_type'
            {% endfor -%}
            when results_count_integer < 0 then 'bad_field_type'
            when surface is null or surface not in ({{ quoted_list(surfaces()) }}) then 'bad_field_type'
            when is_exploration_member not in ('true', 'false') then 'bad_field_type'
            when
                bid_member is not null
                and (bid_number is null or bid_number < 0 or bid_number > {{ largest_double() }})
                then 'bad_field_type'
            when
                currency_member is not null
                and (currency_text is null or not {{ matches('currency_text', '^[A-Z]{3}$') }})
                then 'bad_field_type'
            when ingested_at_member is not null and ingested_micros is null then 'bad_field_type'
            when experiments_member is not null and experiments_array is null then 'bad_field_type'
            when not experiments_are_plain and {{ has_mistyped_element('experiments_array') }}
                then 'bad_field_type'
        end as first_reason
    from dates

),

-- Unknown platforms and device types become `other`; what was sent goes to `properties`.
leftovers as (

    select
        *,
        case when platform_text not in ({{ quoted_list(platforms()) }}) then platform_member end
            as other_platform,
        case when device_type_text not in ({{ quoted_list(device_types()) }}) then device_type_member end
            as other_device_type,
        case
            when first_reason is not null then '{}'
            when
                {{ json_key_count('raw_line') }} > 0
                {%- for field in known_fields() %}
                + case when {{ field }}_member is not null then 1 else 0 end
                {%- endfor %}
                then {{ json_without('raw_line', known_fields()) }}
            else '{}'
        end as unknown_fields
    from judged

),

-- NaN and Infinity hide where no column reads a number: in unknown fields and odd experiments.
reasons as (

    select
        *,
        case
            when
                case
                    when not is_json then false
                    when
                        first_reason is not null
                        or not experiments_are_plain
                        or {{ matches('unknown_fields', '(?i)nan|inf') }}
                        then {{ holds_constant('raw_line') }}
                    else false
                end
                then 'not_json'
            else first_reason
        end as reason
    from leftovers

)

select
    _source_dt,
    _source_file,
    _source_line,
    _source_sha256,
    raw_line,
    raw_form,
    reason,
    case
        when
            read_date is null
            or reason = 'not_json'
            or read_date > {{ add_days('_source_dt', 1) }}
            or read_date < date '{{ partitions_start() }}'
            then greatest(_source_dt, date '{{ partitions_start() }}')
        else read_date
    end as event_date,
    event_id_text as event_id,
    {{ timestamp_of_micros('event_micros') }} as event_ts,
    event_name_text as event_name,
    schema_version,
    {{ timestamp_of_micros('ingested_micros') }} as ingested_at,
    coalesce(user_id_text, cast(user_id_integer as {{ type_string() }})) as user_id,
    anonymous_id_text as anonymous_id,
    session_id_text as session_id,
    search_id_text as search_id,
    search_query_text as search_query,
    results_count_integer as results_count,
    surface,
    rank_position_integer as rank_position,
    coalesce(is_exploration_member = 'true', false) as is_exploration,
    ranker_version_text as ranker_version,
    {{ experiment_pairs('experiment_id_text', 'variant_text', 'listed_experiments') }} as experiments,
    coalesce(job_id_text, cast(job_id_integer as {{ type_string() }})) as job_id,
    publisher_id_integer as publisher_id,
    campaign_id_integer as campaign_id,
    group_id_integer as group_id,
    bid_number as bid,
    case when bid_number is not null then coalesce(currency_text, '{{ default_currency() }}') end as currency,
    application_id_text as application_id,
    application_status_text as application_status,
    case when other_platform is not null then 'other' else platform_text end as platform,
    case when other_device_type is not null then 'other' else device_type_text end as device_type,
    source_text as source,
    nullif(
        {{ json_with(
            json_with('unknown_fields', 'platform', 'other_platform'), 'device_type', 'other_device_type'
        ) }},
        '{}'
    ) as properties
from reasons
