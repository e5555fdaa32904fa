{# Places: objects with a country, a region, a city and a postal code; other members of them are left out. #}

{% macro location_of(part) -%}{{ return(adapter.dispatch('location_of')(part)) }}{%- endmacro %}

{# NULL: no object, or one of its members is none of its kind. #}
{% macro duckdb__location_of(part) -%}
    {%- set place = "from_json(case when " ~ part ~ "[1] = '{' then " ~ part
        ~ " end, '{\"country\":\"JSON\",\"region\":\"JSON\",\"city\":\"JSON\",\"postal_code\":\"JSON\"}')" -%}
    list_transform([{{ place }}], lambda place: case
        when
            place is not null
            {%- for name in ('country', 'region', 'city', 'postal_code') %}
            and (
                {{ is_nothing('(place.' ~ name ~ '::varchar)', 'true') }}
                or {{ location_member(name) }} is not null
            )
            {%- endfor %}
            then struct_pack(
                {%- for name in ('country', 'region', 'city', 'postal_code') %}
                {{ name }} := {{ location_member(name) }}{{ ',' if not loop.last }}
                {%- endfor %}
            )
    end)[1]
{%- endmacro %}

{% macro location_member(name) -%}
    {%- set member = '(place.' ~ name ~ '::varchar)' -%}
    {%- set text = "(case when " ~ member ~ "[1] = '\"' then " ~ trimmed("(place." ~ name ~ " ->> '$')") ~ " end)" -%}
    {%- if name == 'country' -%}
        {{ letters_in(text, 'country') }}
    {%- elif name == 'postal_code' -%}
        coalesce(nullif({{ text }}, ''), cast({{ try_cast_to(member, 'bigint') }} as {{ type_string() }}))
    {%- else -%}
        nullif({{ text }}, '')
    {%- endif -%}
{%- endmacro %}
