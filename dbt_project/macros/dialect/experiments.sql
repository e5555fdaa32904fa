{#
  The experiments of an event: the member `experiments` (an array of objects) and the pair of fields
  experiment_id and variant. Array functions share no names between the engines.
#}

{# The pairs that the member lists, as an array of (experiment_id, variant). #}
{% macro listed_pairs(member) -%}{{ return(adapter.dispatch('listed_pairs')(member)) }}{%- endmacro %}

{% macro duckdb__listed_pairs(member) -%}
    from_json({{ member }}, '[{"experiment_id":"VARCHAR","variant":"VARCHAR"}]')
{%- endmacro %}

{% macro bigquery__listed_pairs(member) -%}
    array(
        select as struct
            json_value(element, '$.experiment_id') as experiment_id,
            json_value(element, '$.variant') as variant
        from unnest(json_query_array({{ member }})) as element
    )
{%- endmacro %}

{#
  Whether the member lists nothing but complete pairs of strings, told without a look at each element; where
  this is false, the two macros below look.
#}
{% macro is_plainly_complete(member, pairs) -%}
    {{ return(adapter.dispatch('is_plainly_complete')(member, pairs)) }}
{%- endmacro %}

{# Written as JSON again, such a list is the same text. #}
{% macro duckdb__is_plainly_complete(member, pairs) -%}
    (
        {{ member }} is null
        or (
            to_json({{ pairs }})::varchar = {{ member }}
            and not contains({{ member }}, 'null')
            and not contains({{ member }}, '""')
        )
    )
{%- endmacro %}

{% macro bigquery__is_plainly_complete(member, pairs) -%}({{ member }} is null){%- endmacro %}

{# Whether some element is an object without an experiment_id or a variant (null and '' are missing). #}
{% macro has_incomplete_element(member) -%}
    {{ return(adapter.dispatch('has_incomplete_element')(member)) }}
{%- endmacro %}

{% macro duckdb__has_incomplete_element(member) -%}
    len(list_filter(
        json_extract({{ member }}, '$[*]')::varchar[],
        lambda e: e[1] = '{' and (
            coalesce(json_extract(e, '$.experiment_id')::varchar in ('null', '""'), true)
            or coalesce(json_extract(e, '$.variant')::varchar in ('null', '""'), true)
        )
    )) > 0
{%- endmacro %}

{% macro bigquery__has_incomplete_element(member) -%}
    exists(
        select 1 from unnest(json_query_array({{ member }})) as e
        where starts_with(e, '{') and (
            coalesce(json_query(e, '$.experiment_id') in ('null', '""'), true)
            or coalesce(json_query(e, '$.variant') in ('null', '""'), true)
        )
    )
{%- endmacro %}

{# Whether some element is no object, or has an experiment_id or variant that is no string. #}
{% macro has_mistyped_element(member) -%}
    {{ return(adapter.dispatch('has_mistyped_element')(member)) }}
{%- endmacro %}

{% macro duckdb__has_mistyped_element(member) -%}
    len(list_filter(
        json_extract({{ member }}, '$[*]')::varchar[],
        lambda e: e[1] <> '{'
            or {{ json_kind("json_extract(e, '$.experiment_id')::varchar") }} <> 'string'
            or {{ json_kind("json_extract(e, '$.variant')::varchar") }} <> 'string'
    )) > 0
{%- endmacro %}

{% macro bigquery__has_mistyped_element(member) -%}
    exists(
        select 1 from unnest(json_query_array({{ member }})) as e
        where not starts_with(e, '{')
            or {{ json_kind("json_query(e, '$.experiment_id')") }} <> 'string'
            or {{ json_kind("json_query(e, '$.variant')") }} <> 'string'
    )
{%- endmacro %}

{# The distinct pairs of the fields and the list, sorted: an array of (experiment_id, variant). #}
{% macro experiment_pairs(experiment_id, variant, pairs) -%}
    {{ return(adapter.dispatch('experiment_pairs')(experiment_id, variant, pairs)) }}
{%- endmacro %}

{% macro duckdb__experiment_pairs(experiment_id, variant, pairs) -%}
    list_sort(list_distinct(list_concat(
        case
            when {{ experiment_id }} is null then []
            else [struct_pack(experiment_id := {{ experiment_id }}, variant := {{ variant }})]
        end,
        {{ pairs }}
    )))
{%- endmacro %}

{% macro bigquery__experiment_pairs(experiment_id, variant, pairs) -%}
    array(
        select as struct pair.experiment_id, pair.variant
        from (
            select {{ experiment_id }} as experiment_id, {{ variant }} as variant
            union distinct
            select listed.experiment_id, listed.variant
            from unnest({{ pairs }}) as listed
        ) as pair
        where pair.experiment_id is not null
        order by pair.experiment_id, pair.variant
    )
{%- endmacro %}

{# The experiments of a list; the pair ((none), (none)) where it is in none. #}
{% macro experiments_or_none(experiments) -%}
    {{ return(adapter.dispatch('experiments_or_none')(experiments)) }}
{%- endmacro %}

{% macro duckdb__experiments_or_none(experiments) -%}
    case
        when len({{ experiments }}) > 0 then {{ experiments }}
        else [struct_pack(experiment_id := '(none)', variant := '(none)')]
    end
{%- endmacro %}

{% macro bigquery__experiments_or_none(experiments) -%}
    case
        when array_length({{ experiments }}) > 0 then {{ experiments }}
        else [struct('(none)' as experiment_id, '(none)' as variant)]
    end
{%- endmacro %}
