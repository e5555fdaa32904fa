{#
  What a record has beside its table's columns, and what of these is none of its kind, as sent: JSON text without
  names that tell of a person. A value that nests such names too deeply is left out as a whole.
#}

{# A pattern of names that tell of a person, of XML's attributes each part. #}
{% macro personal_pattern(table) -%}
    {%- set names = personal_names() + (['name'] if table in names_of_people() else []) -%}
    {%- set parts = namespace(found=names | join('|')) -%}
    {%- for start in personal_beginnings() -%}
        {%- set parts.found = parts.found ~ '|' ~ start ~ '[^"@]*' -%}
    {%- endfor -%}
    {%- if table in links_of_people() -%}{%- set parts.found = parts.found ~ '|[^"@]*_url' -%}{%- endif -%}
    {{ return('(?i)(?:[^"]*@)?(?:' ~ parts.found ~ ')(?:@[^"]*)?') }}
{%- endmacro %}

{% macro is_personal_name(name, table) -%}
    {{ matches(name, '^' ~ personal_pattern(table) ~ '$') }}
{%- endmacro %}

{% macro holds_personal_name(text, table) -%}
    {{ matches(text, '"' ~ personal_pattern(table) ~ '"[ \\t\\r\\n]*:') }}
{%- endmacro %}

{# A text that is itself JSON with such a name in it. #}
{% macro hides_personal_name(member, table) -%}
    (
        substr({{ member }}, 1, 1) = '"'
        and substr({{ trimmed(json_string(member)) }}, 1, 1) in ('{', '[')
        and {{ holds_personal_name(json_string(member), table) }}
    )
{%- endmacro %}

{# A member without such names, a few levels deep; NULL where nothing of it may be shown. #}
{% macro without_personal(member, table, levels=3) -%}
    {%- if levels == 0 -%}
        case when not {{ holds_personal_name(member, table) }} then {{ member }} end
    {%- else -%}
        case
            when substr({{ member }}, 1, 1) not in ('{', '[') or {{ member }} is null
                then case when not {{ hides_personal_name(member, table) }} then {{ member }} end
            when not {{ holds_personal_name(member, table) }} and not {{ has_text(member, '\\\\"') }} then {{ member }}
            when substr({{ member }}, 1, 1) = '{' then
                {{ object_without_personal(member, table, levels) }}
            else
                {{ array_without_personal(member, table, levels) }}
        end
    {%- endif -%}
{%- endmacro %}

{% macro object_without_personal(member, table, levels) -%}
    {%- set name, value = 'name' ~ levels, 'value' ~ levels -%}
    '{' || array_to_string(list_filter(list_transform(
        list_filter(json_keys({{ member }}), lambda {{ name }}: not {{ is_personal_name(name, table) }}),
        lambda {{ name }}: list_transform(
            [json_extract({{ member }}, {{ json_path(name) }})::varchar],
            lambda {{ value }}: to_json({{ name }})::varchar || ':'
                || {{ without_personal(value, table, levels - 1) }}
        )[1]
    ), lambda {{ name }}: {{ name }} is not null), ',') || '}'
{%- endmacro %}

{% macro array_without_personal(member, table, levels) -%}
    {%- set value = 'element' ~ levels -%}
    '[' || array_to_string(list_filter(list_transform(
        from_json({{ member }}, '["JSON"]'),
        lambda {{ value }}: list_transform(
            [{{ value }}::varchar], lambda given{{ levels }}: {{ without_personal('given' ~ levels, table, levels - 1) }}
        )[1]
    ), lambda {{ value }}: {{ value }} is not null), ',') || ']'
{%- endmacro %}

{# The path of a member by its name, whatever is in that. #}
{% macro json_path(name) -%}'$."' || replace(replace({{ name }}, '\', '\\'), '"', '\"') || '"'{%- endmacro %}

{# Properties of a record: `shown` is a list of the table's columns that are to be told as sent. #}
{% macro properties_of(state, shown, table) -%}
    {%- set known = entity_columns(table) | map(attribute='name') | list -%}
    nullif('{' || array_to_string(list_filter(list_transform(
        list_filter(json_keys({{ state }}), lambda name: (
            not list_contains([{{ quoted_list(known) }}], name)
            and not {{ is_personal_name('name', table) }}
            and not (starts_with(name, '__') and form = 'flattened')
        ) or list_contains({{ shown }}, name)),
        lambda name: list_transform(
            [json_extract({{ state }}, {{ json_path('name') }})::varchar],
            lambda value: case
                when not {{ is_nothing('value', 'is_cell') }} and not coalesce({{ is_placeholder('value') }}, false)
                    then to_json(name)::varchar || ':' || {{ without_personal('value', table) }}
            end
        )[1]
    ), lambda name: name is not null), ',') || '}', '{}')
{%- endmacro %}
