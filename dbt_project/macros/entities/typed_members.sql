{#
  A relation's members as typed values. The relation has, beside whatever else, is_cell (its values are text cells),
  is_change (numbers may stand for dates), source_time_zone (of times without an offset), and of each column the
  <name>_member. Added are, of each column: <name>, and <name>_is_invalid, <name>_is_other (a word that is not listed),
  <name>_is_unavailable (Debezium's stand-in was sent). `relation` is a table, the name of a CTE, or a query in brackets.
#}
{% macro typed_members(relation, columns) -%}
    {%- set helpers = [] -%}
    {%- for column in columns -%}
        {%- for suffix in helper_suffixes(column) -%}{%- do helpers.append(column.name ~ suffix) -%}{%- endfor -%}
    {%- endfor -%}
    select
        {{ all_but('valued', helpers) }}
        {%- for column in columns %},
        {%- set name = column.name %}
        {%- if column.is_list %}
        {{ name }}_is_sent and ({{ name }}_array is null or {{ name }}_has_invalid) as {{ name }}_is_invalid,
        {{ some_element(name ~ '_elements', 'is_other') }} as {{ name }}_is_other
        {%- else %}
        {{ name }}_is_sent and {{ name }} is null as {{ name }}_is_invalid,
        {{ became_other(name ~ '_text', column) }} as {{ name }}_is_other
        {%- endif %}
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %},
            {%- if column.is_list %}
            {{ list_value(column.name ~ '_elements', column.name ~ '_has_invalid') }} as {{ column.name }}
            {%- else %}
            {{ entity_value(column) }} as {{ column.name }}
            {%- endif %}
            {%- endfor %}
        from (
            select
                *
                {%- for column in columns %}
                {%- if column.is_list %},
                {{ some_element(column.name ~ '_elements', 'is_invalid') }} as {{ column.name }}_has_invalid
                {%- elif column.kind in ('timestamp', 'date') %},
                {{ in_calendar(column.name ~ '_instant') }} as {{ column.name }}_micros
                {%- endif %}
                {%- endfor %}
            from ({{ members_with_elements(members_with_digits(members_with_texts(relation, columns), columns), columns) }})
                as read
        ) as placed
    ) as valued
{%- endmacro %}

{# What typed_members() needs on its way. #}
{% macro helper_suffixes(column) -%}
    {%- set suffixes = ['_sent', '_string', '_text', '_is_sent'] -%}
    {%- if column.is_list -%}{{ return(suffixes + ['_array', '_elements', '_has_invalid']) }}{%- endif -%}
    {%- if column.kind in number_kinds() -%}{%- do suffixes.extend(['_spelling', '_digits']) -%}{%- endif -%}
    {%- if column.kind in ('timestamp', 'date') -%}{%- do suffixes.extend(['_stamp_micros', '_instant', '_micros']) -%}{%- endif -%}
    {{ return(suffixes) }}
{%- endmacro %}

{# _is_unavailable, and the text and the spelling of a number of what was sent. #}
{% macro members_with_texts(relation, columns) -%}
    select
        *
        {%- for column in columns %},
        {%- set name, member, text = column.name, column.name ~ '_sent', column.name ~ '_text' %}
        {{ member }} is not null and ({{ name }}_string is null or {{ text }} is not null) as {{ name }}_is_sent
        {%- if not column.is_list and column.kind in number_kinds() %},
        case
            when {{ member_digits(member) }} is not null then {{ member_digits(member) }}
            {%- if column.kind == 'decimal' %}
            when {{ is_number_text(text) }} then {{ text }}
            {%- elif column.kind != 'id' %}
            when is_cell and {{ is_number_text(text) }} then {{ text }}
            {%- endif %}
        end as {{ name }}_spelling
        {%- endif %}
        {%- endfor %}
    from (
        select
            *
            {%- for column in columns %},
            {%- set string = column.name ~ '_string' %}
            {% if column.is_list or column.kind in trimmed_kinds() -%}
            nullif({{ trimmed(string) }}, '')
            {%- else -%}
            nullif(case when is_cell then {{ trimmed(string) }} else {{ string }} end, '')
            {%- endif %} as {{ column.name }}_text
            {%- endfor %}
        from (
            select
                *
                {%- for column in columns %},
                {{ member_string(column.name ~ '_sent') }} as {{ column.name }}_string
                {%- endfor %}
            from (
                select
                    *
                    {%- for column in columns %},
                    case when not {{ column.name }}_is_unavailable then {{ column.name }}_member end as {{ column.name }}_sent
                    {%- endfor %}
                from (
                    select
                        *
                        {%- for column in columns %},
                        coalesce({{ is_unavailable(column.name ~ '_member') }}, false) as {{ column.name }}_is_unavailable
                        {%- endfor %}
                    from {{ relation }}
                ) as members
            ) as sent
        ) as strings
    ) as texts
{%- endmacro %}

{# The digits of numbers without exponent, and the array of lists. #}
{% macro members_with_digits(texts, columns) -%}
    select
        *
        {%- for column in columns %}
        {%- if column.is_list %},
        {{ list_array(column.name ~ '_sent', column.name ~ '_text') }} as {{ column.name }}_array
        {%- elif column.kind in number_kinds() %},
        {{ without_exponent(column.name ~ '_spelling') }} as {{ column.name }}_digits
        {%- endif %}
        {%- if column.kind in ('timestamp', 'date') %},
        {{ micros_of_rfc3339('(' ~ with_offset(column.name ~ '_text') ~ ')') }} as {{ column.name }}_stamp_micros
        {%- endif %}
        {%- endfor %}
    from ({{ texts }}) as spelled
{%- endmacro %}

{# The elements of lists, and instants, which may lie outside the calendar. #}
{% macro members_with_elements(digits, columns) -%}
    select
        *
        {%- for column in columns %}
        {%- if column.is_list %},
        {#- Most records do not have most of the lists, and steps cost something for NULL, too. #}
        case
            when {{ column.name }}_array is not null then {{ read_elements(column.name ~ '_array', column) }}
        end as {{ column.name }}_elements
        {%- elif column.kind in ('timestamp', 'date') %},
        {{ instant_micros(column.name) }} as {{ column.name }}_instant
        {%- endif %}
        {%- endfor %}
    from ({{ digits }}) as digits
{%- endmacro %}

{# A time as microseconds: from <name>_digits, or from <name>_stamp_micros, which without an offset is local time. #}
{% macro instant_micros(name) -%}
    {%- set stamp, digits = name ~ '_stamp_micros', name ~ '_digits' -%}
    case
        when {{ digits }} is not null then {{ micros_of_sized_number(digits) }}
        when {{ in_calendar(stamp) }} is null then null
        when source_time_zone = 'UTC' or {{ has_offset(name ~ '_text') }} then {{ stamp }}
        else {{ micros_of_local(stamp, 'source_time_zone') }}
    end
{%- endmacro %}

{# Whether a time says how far it is from UTC. #}
{% macro has_offset(text) -%}{{ matches(text, '([Zz]|[-+][0-9]{2}:[0-9]{2})$') }}{%- endmacro %}

{# A time with an offset, which is UTC where it has none. #}
{% macro with_offset(text) -%}
    case when {{ has_offset(text) }} then {{ text }} else concat({{ text }}, 'Z') end
{%- endmacro %}
