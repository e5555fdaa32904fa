{# Lists: a JSON array, also as a text, a single object, or a text that is cut at |. #}

{#
  The elements as members, in their order, empty ones left out; NULL where the member is no list. What begins with a
  bracket is JSON, or nothing.
#}
{% macro elements_in(member, text) -%}{{ return(adapter.dispatch('elements_in')(member, text)) }}{%- endmacro %}

{% macro duckdb__elements_in(member, text) -%}
    {%- set array -%}
        case
            when substr({{ member }}, 1, 1) = '[' then {{ member }}
            when substr({{ member }}, 1, 1) = '{' then '[' || {{ member }} || ']'
            when substr({{ text }}, 1, 1) = '[' and {{ is_json(text) }} then {{ text }}
            when substr({{ text }}, 1, 1) = '{' and {{ is_json(text) }} then '[' || {{ text }} || ']'
        end
    {%- endset -%}
    list_filter(
        case
            when substr({{ text }}, 1, 1) not in ('[', '{')
                then list_transform(string_split({{ text }}, '|'), lambda part: to_json(part)::varchar)
            else list_transform(from_json({{ array }}, '["JSON"]'), lambda part: part::varchar)
        end,
        lambda part: not coalesce(
            part in ('null', '""') or (part[1] = '"' and {{ trimmed("(part ->> '$')") }} = ''), true
        )
    )
{%- endmacro %}

{% macro bigquery__elements_in(member, text) -%}
    array(
        select to_json_string(part)
        from unnest(json_query_array(case
            when substr({{ member }}, 1, 1) = '[' then {{ member }}
            when substr({{ member }}, 1, 1) = '{' then '[' || {{ member }} || ']'
            when substr({{ text }}, 1, 1) = '[' then {{ text }}
            when substr({{ text }}, 1, 1) = '{' then '[' || {{ text }} || ']'
            else to_json_string(split({{ text }}, '|'))
        end)) as part with offset as place
        order by place
    )
{%- endmacro %}

{# The typed elements; NULL where one is none of its kind, and where there are none. #}
{% macro list_of(column, member, text) -%}
    {{ return(adapter.dispatch('list_of')(column, member, text)) }}
{%- endmacro %}

{% macro duckdb__list_of(column, member, text) -%}
    {%- set values = values_in(column, member, text) -%}
    case
        when len(list_filter({{ values }}, lambda found: found is null)) = 0 and len({{ values }}) > 0
            then {{ values }}
    end
{%- endmacro %}

{# The typed elements, NULL for each that is none of its kind; a place of which nothing is said is no element. #}
{% macro values_in(column, member, text) -%}
    {%- set values -%}
        list_transform({{ elements_in(member, text) }}, lambda part: {{ element_of(column) }})
    {%- endset -%}
    {%- if column.kind == 'location' -%}
        list_filter({{ values }}, lambda found: found is null
            or coalesce(found.country, found.region, found.city, found.postal_code) is not null)
    {%- else -%}
        {{ values }}
    {%- endif -%}
{%- endmacro %}

{# A list that was sent, and holds nothing: it is missing, and not invalid. #}
{% macro is_empty_list(column, member, text) -%}
    coalesce(len({{ values_in(column, member, text) }}) = 0, false)
{%- endmacro %}

{% macro element_of(column) -%}
    {%- set text = "(case when part[1] = '\"' then " ~ trimmed("(part ->> '$')") ~ " end)" -%}
    {%- if column.kind == 'text' -%}
        {{ text }}
    {%- elif column.kind == 'word' -%}
        {{ word_in(text, column.words) }}
    {%- elif column.kind == 'location' -%}
        {{ location_of('part') }}
    {%- else -%}
        {{ letters_in(text, column.kind) }}
    {%- endif -%}
{%- endmacro %}
