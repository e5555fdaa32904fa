{# Arrays, element by element: the order stays. An element is named by its variable, its fields are `element.field`. #}

{# The array of what `expression` makes of each element. #}
{% macro each(array, element, expression) -%}
    {{ return(adapter.dispatch('each')(array, element, expression)) }}
{%- endmacro %}

{% macro duckdb__each(array, element, expression) -%}
    list_transform({{ array }}, lambda {{ element }}: {{ expression }})
{%- endmacro %}

{% macro bigquery__each(array, element, expression) -%}
    array(
        select {{ expression }}
        from unnest({{ array }}) as {{ element }} with offset as {{ element }}_place
        order by {{ element }}_place
    )
{%- endmacro %}

{# The array of structs of fields, {name: expression}, that are made of each element. #}
{% macro each_struct(array, element, fields) -%}
    {{ return(adapter.dispatch('each_struct')(array, element, fields)) }}
{%- endmacro %}

{% macro duckdb__each_struct(array, element, fields) -%}{{ each(array, element, struct_of(fields)) }}{%- endmacro %}

{% macro bigquery__each_struct(array, element, fields) -%}
    array(
        select struct({% for name in fields %}{{ name }} as {{ name }}{{ ', ' if not loop.last }}{% endfor %})
        from (
            select
                {%- for name, expression in fields.items() %}
                {{ expression }} as {{ name }},
                {%- endfor %}
                {{ element }}_place
            from unnest({{ array }}) as {{ element }} with offset as {{ element }}_place
        ) as made
        order by {{ element }}_place
    )
{%- endmacro %}

{# The elements for which a condition is true. #}
{% macro elements_where(array, element, condition) -%}
    {{ return(adapter.dispatch('elements_where')(array, element, condition)) }}
{%- endmacro %}

{% macro duckdb__elements_where(array, element, condition) -%}
    list_filter({{ array }}, lambda {{ element }}: {{ condition }})
{%- endmacro %}

{% macro bigquery__elements_where(array, element, condition) -%}
    array(
        select {{ element }}
        from unnest({{ array }}) as {{ element }} with offset as {{ element }}_place
        where {{ condition }}
        order by {{ element }}_place
    )
{%- endmacro %}

{# How many elements an array has; NULL for NULL. #}
{% macro element_count(array) -%}{{ return(adapter.dispatch('element_count')(array)) }}{%- endmacro %}

{% macro duckdb__element_count(array) -%}len({{ array }}){%- endmacro %}

{% macro bigquery__element_count(array) -%}array_length({{ array }}){%- endmacro %}

{# A struct of fields: {name: expression}. #}
{% macro struct_of(fields) -%}{{ return(adapter.dispatch('struct_of')(fields)) }}{%- endmacro %}

{% macro duckdb__struct_of(fields) -%}
    struct_pack(
        {%- for name, expression in fields.items() %}{{ name }} := {{ expression }}{{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{% macro bigquery__struct_of(fields) -%}
    struct(
        {%- for name, expression in fields.items() %}{{ expression }} as {{ name }}{{ ', ' if not loop.last }}{% endfor -%}
    )
{%- endmacro %}

{# The texts of an array, each once, sorted. #}
{% macro sorted_texts(array) -%}{{ return(adapter.dispatch('sorted_texts')(array)) }}{%- endmacro %}

{% macro duckdb__sorted_texts(array) -%}list_sort(list_distinct({{ array }})){%- endmacro %}

{% macro bigquery__sorted_texts(array) -%}
    array(select distinct text from unnest({{ array }}) as text where text is not null order by text)
{%- endmacro %}

{# The texts of an array, joined by another. #}
{% macro joined_texts(array, by) -%}{{ return(adapter.dispatch('joined_texts')(array, by)) }}{%- endmacro %}

{% macro duckdb__joined_texts(array, by) -%}array_to_string({{ array }}, '{{ by }}'){%- endmacro %}

{% macro bigquery__joined_texts(array, by) -%}array_to_string({{ array }}, '{{ by }}'){%- endmacro %}

{# The members of a JSON array, as JSON texts; NULL where one is null. #}
{% macro json_elements(array) -%}{{ return(adapter.dispatch('json_elements')(array)) }}{%- endmacro %}

{% macro duckdb__json_elements(array) -%}cast(from_json({{ array }}, '["JSON"]') as varchar[]){%- endmacro %}

{% macro bigquery__json_elements(array) -%}json_query_array({{ array }}){%- endmacro %}

{# A text cut at another, as a JSON array of texts. #}
{% macro json_of_parts(text, separator) -%}
    {{ return(adapter.dispatch('json_of_parts')(text, separator)) }}
{%- endmacro %}

{% macro duckdb__json_of_parts(text, separator) -%}
    cast(to_json(string_split({{ text }}, '{{ separator }}')) as varchar)
{%- endmacro %}

{% macro bigquery__json_of_parts(text, separator) -%}to_json_string(split({{ text }}, '{{ separator }}')){%- endmacro %}

{# The names of an object's members; and of the member of a name that is only known from the data, its text. #}
{% macro json_names(text) -%}{{ return(adapter.dispatch('json_names')(text)) }}{%- endmacro %}

{% macro duckdb__json_names(text) -%}json_keys({{ text }}){%- endmacro %}

{% macro bigquery__json_names(text) -%}json_keys(parse_json({{ text }}, wide_number_mode => 'round'), 1){%- endmacro %}

{% macro json_member_named(text, name) -%}{{ return(adapter.dispatch('json_member_named')(text, name)) }}{%- endmacro %}

{% macro duckdb__json_member_named(text, name) -%}
    nullif(cast(
        json_extract({{ text }}, '/' || replace(replace({{ name }}, '~', '~0'), '/', '~1')) as varchar
    ), 'null')
{%- endmacro %}

{% macro bigquery__json_member_named(text, name) -%}
    nullif(to_json_string(parse_json({{ text }}, wide_number_mode => 'round')[{{ name }}]), 'null')
{%- endmacro %}

{#
  The members of an object whose names are among some, as structs of name and member; one of a name that stands there
  twice. DuckDB takes them all at once, in the time of one reading.
#}
{% macro json_members_among(text, names) -%}
    {{ return(adapter.dispatch('json_members_among')(text, names)) }}
{%- endmacro %}

{% macro duckdb__json_members_among(text, names) -%}
    case
        when len(list_distinct({{ names }})) < len({{ names }}) then {{ members_by_name(text, names) }}
        else list_transform(
            list_filter(
                map_entries(cast(cast({{ text }} as json) as map(varchar, json))),
                lambda entry: list_contains({{ names }}, entry.key)
            ),
            lambda entry: struct_pack(name := entry.key, member := cast(entry.value as varchar))
        )
    end
{%- endmacro %}

{% macro bigquery__json_members_among(text, names) -%}{{ members_by_name(text, names) }}{%- endmacro %}

{% macro members_by_name(text, names) -%}
    {{ each_struct(names, 'name', {'name': 'name', 'member': json_member_named(text, 'name')}) }}
{%- endmacro %}

{# A text as JSON, in quotes. #}
{% macro json_quoted(text) -%}{{ return(adapter.dispatch('json_quoted')(text)) }}{%- endmacro %}

{% macro duckdb__json_quoted(text) -%}cast(to_json(cast({{ text }} as varchar)) as varchar){%- endmacro %}

{% macro bigquery__json_quoted(text) -%}to_json_string({{ text }}){%- endmacro %}

{# JSON text written again by the engine: without spaces, only what must be escaped is escaped. #}
{% macro rewritten_json(text) -%}{{ return(adapter.dispatch('rewritten_json')(text)) }}{%- endmacro %}

{% macro duckdb__rewritten_json(text) -%}cast(json_extract({{ text }}, '$') as varchar){%- endmacro %}

{% macro bigquery__rewritten_json(text) -%}
    to_json_string(safe.parse_json({{ text }}, wide_number_mode => 'round'))
{%- endmacro %}

{# Whether a text, given as it is, is an element of an array of texts. #}
{% macro is_among(name, names) -%}{{ return(adapter.dispatch('is_among')(name, names)) }}{%- endmacro %}

{% macro duckdb__is_among(name, names) -%}coalesce(list_contains({{ names }}, '{{ name }}'), false){%- endmacro %}

{% macro bigquery__is_among(name, names) -%}('{{ name }}' in unnest({{ names }})){%- endmacro %}

{# Two arrays of texts, one behind the other; and the empty one. #}
{% macro concatenated(first, second) -%}{{ return(adapter.dispatch('concatenated')(first, second)) }}{%- endmacro %}

{% macro duckdb__concatenated(first, second) -%}list_concat({{ first }}, {{ second }}){%- endmacro %}

{% macro bigquery__concatenated(first, second) -%}array_concat({{ first }}, {{ second }}){%- endmacro %}

{% macro no_texts() -%}{{ return('array<string>[]' if target.type == 'bigquery' else 'cast([] as varchar[])') }}{%- endmacro %}
