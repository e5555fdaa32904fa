{# Ranges of salaries: judged after unchanged columns are filled, since the other end may stand from before. #}

{# The beginnings of the names of a table's salary columns: '' for salary_min, 'desired_' for desired_salary_min. #}
{% macro salaries_of(columns) -%}
    {%- set prefixes = [] -%}
    {%- for column in columns if column.name.endswith('salary_min') -%}
        {%- do prefixes.append(column.name[:-('salary_min' | length)]) -%}
    {%- endfor -%}
    {{ return(prefixes) }}
{%- endmacro %}

{% macro ends_of_salaries(columns) -%}
    {%- set names = [] -%}
    {%- for prefix in salaries_of(columns) -%}
        {%- do names.extend([prefix ~ 'salary_min', prefix ~ 'salary_max']) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{# Whether the ends of a range stand the wrong way round: then it has none. #}
{% macro is_wrong_range(prefix) -%}
    coalesce({{ prefix }}salary_min > {{ prefix }}salary_max, false)
{%- endmacro %}

{# A column's value as it is shown: no end of a wrong range, a currency where there is an end, at least one opening. #}
{% macro shown_value(column, columns) -%}
    {%- for prefix in salaries_of(columns) -%}
        {%- if column.name in (prefix ~ 'salary_min', prefix ~ 'salary_max') -%}
            {{ return('case when not ' ~ is_wrong_range(prefix) ~ ' then ' ~ column.name ~ ' end') }}
        {%- elif column.name == prefix ~ 'salary_currency' -%}
            {{ return(
                'case when ' ~ column.name ~ ' is not null then ' ~ column.name ~ ' when not ' ~ is_wrong_range(prefix)
                ~ ' and coalesce(' ~ prefix ~ 'salary_min, ' ~ prefix ~ 'salary_max) is not null then default_currency end'
            ) }}
        {%- endif -%}
    {%- endfor -%}
    {%- if column.name == 'openings' -%}
        {{ return('case when not is_delete then coalesce(openings, 1) end') }}
    {%- endif -%}
    {{ return(column.name) }}
{%- endmacro %}

{# Names of invalid columns, with the ends of wrong ranges. #}
{% macro invalid_fields_with_ranges(columns) -%}
    {%- set prefixes = salaries_of(columns) -%}
    {%- if not prefixes -%}{{ return('invalid_fields') }}{%- endif -%}
    {%- set names = [] -%}
    {%- for name in ends_of_salaries(columns) -%}{%- do names.append("'" ~ name ~ "'") -%}{%- endfor -%}
    case
        when {{ is_wrong_range(prefixes[0]) }}
            then {{ sorted_texts(concatenated("coalesce(invalid_fields, " ~ no_texts() ~ ")", '[' ~ names | join(', ') ~ ']')) }}
        else invalid_fields
    end
{%- endmacro %}

{# The properties, with the ends of wrong ranges as they were sent. #}
{% macro properties_with_ranges(columns) -%}
    {%- set prefixes = salaries_of(columns) -%}
    {%- if not prefixes -%}{{ return('properties') }}{%- endif -%}
    {%- set told = [] -%}
    {%- for name in ends_of_salaries(columns) -%}
        {%- do told.append("',\"" ~ name ~ "\":' || " ~ name ~ '_as_sent') -%}
    {%- endfor -%}
    case
        when {{ is_wrong_range(prefixes[0]) }}
            then nullif(concat(
                '{', substr(concat(
                    coalesce(',' || nullif(substr(properties, 2, length(properties) - 2), ''), '')
                    {%- for text in told %}, coalesce({{ text }}, ''){% endfor %}
                ), 2), '}'
            ), '{}')
        else properties
    end
{%- endmacro %}
