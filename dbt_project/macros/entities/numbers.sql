{# Numbers of entities. `digits` are without an exponent: see without_exponent(). #}

{# What a number in a text cell looks like; zeros before it do no harm. #}
{% macro is_number_text(text) -%}{{ matches(text, '^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$') }}{%- endmacro %}

{% macro type_entity_decimal() -%}{{ return('numeric' if target.type == 'bigquery' else 'decimal(18, 6)') }}{%- endmacro %}

{# At most 12 digits before and 6 after the point; zeros at the ends do not count. #}
{% macro entity_decimal(digits) -%}
    case
        when {{ matches(digits, '^-?0*[0-9]{1,12}([.][0-9]{0,6}0*)?$') }}
            then cast({{ first_group(digits, '^(-?[0-9]+(?:[.][0-9]{1,6})?)') }} as {{ type_entity_decimal() }})
    end
{%- endmacro %}

{#
  The whole number of steps in `digits` times a factor of 0.001 to 1000000, rounded down. Six digits after the point
  say it all but for negative numbers, which whatever follows makes smaller.
#}
{% macro floor_of_product(digits, factor) -%}
    {%- set cut = replace_all(digits, '([.][0-9]{6})[0-9]+$', raw_text('\\1')) -%}
    {%- set is_smaller = matches(digits, '^-.*[.][0-9]{6}[0-9]*[1-9]') -%}
    cast(floor(
        ({{ try_cast_to(cut, type_epoch()) }} - case when {{ is_smaller }} then {{ decimal_literal('0.000001') }} else 0 end)
        * {{ factor }}
    ) as bigint)
{%- endmacro %}

{% macro type_epoch() -%}{{ return('numeric' if target.type == 'bigquery' else 'decimal(27, 6)') }}{%- endmacro %}

{% macro decimal_literal(number) -%}
    cast('{{ number }}' as {{ 'numeric' if target.type == 'bigquery' else 'decimal(10, 6)' }})
{%- endmacro %}

{# Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size, as microseconds. #}
{% macro micros_of_sized_number(digits) -%}
    {%- set size = 'length(ltrim(' ~ first_group(digits, '^-?([0-9]+)') ~ ", '0'))" -%}
    {%- set number = try_cast_to(digits, 'bigint') -%}
    case
        when length({{ digits }}) <= 17 and not {{ has_text(digits, '.') }}
            then case
                when abs({{ number }}) < 100000000000 then {{ number }} * 1000000
                when abs({{ number }}) < 100000000000000 then {{ number }} * 1000
                else {{ number }}
            end
        when not {{ matches(digits, '^-?[0-9]+([.][0-9]*)?$') }} or {{ size }} > 21 then null
        when {{ size }} <= 11 then {{ floor_of_product(digits, factor_literal('1000000')) }}
        when {{ size }} <= 14 then {{ floor_of_product(digits, factor_literal('1000')) }}
        when {{ size }} <= 17 then {{ floor_of_product(digits, factor_literal('1')) }}
        else {{ floor_of_product(digits, factor_literal('0.001')) }}
    end
{%- endmacro %}

{% macro factor_literal(number) -%}
    cast('{{ number }}' as {{ 'numeric' if target.type == 'bigquery' else 'decimal(10, 3)' }})
{%- endmacro %}

{# Days since 1970 as a date, rounded down; NULL before the year 1. #}
{% macro date_of_days(digits) -%}
    {%- set days = floor_of_product(digits, factor_literal('1')) -%}
    case when {{ days }} >= -719162 then {{ add_days("date '1970-01-01'", 'cast(' ~ days ~ ' as ' ~ type_days() ~ ')') }} end
{%- endmacro %}

{% macro type_days() -%}{{ return('int64' if target.type == 'bigquery' else 'integer') }}{%- endmacro %}

{# Whether a number is so small that in a column of dates it stands for days. #}
{% macro counts_days(digits) -%}
    ({{ matches(digits, '^-?0*[0-9]{1,6}([.][0-9]*)?$') }})
{%- endmacro %}
