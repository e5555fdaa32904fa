{#
  From members to typed values. The relation has, of each column c that is read, c_member; value_texts() and
  value_digits() make c_text and c_digits of it, and value_of() the value: NULL where nothing was sent, or where it
  is none of its kind. Beside them it has is_cell, is_change and source_zone.
#}

{% macro is_always_trimmed(column) -%}
    {{ return(column.is_list or column.kind in ['word', 'exact_word', 'country', 'currency', 'language', 'decimal']) }}
{%- endmacro %}

{% macro value_text(column) -%}
    {{ text_in(column.name ~ '_member', 'true' if is_always_trimmed(column) else 'is_cell') }}
{%- endmacro %}

{% macro has_digits(column) -%}
    {{ return(
        not column.is_list
        and column.kind in ['id', 'integer_id', 'integer', 'decimal', 'bool', 'timestamp', 'date']
    ) }}
{%- endmacro %}

{# An id is a text as it stands; of numbers, exact decimals come as texts, too. #}
{% macro value_digits(column) -%}
    {{ digits_in(column.name ~ '_member', {'id': 'false', 'decimal': 'true'}.get(column.kind, 'is_cell')) }}
{%- endmacro %}

{# Whether something was sent, which is neither empty nor the placeholder. #}
{% macro is_sent(column) -%}
    {%- set member = column.name ~ '_member' -%}
    not {{ is_nothing(member, 'true' if is_always_trimmed(column) else 'is_cell') }}
    and not coalesce({{ is_placeholder(member) }}, false)
{%- endmacro %}

{% macro value_of(column) -%}
    {%- set member, text, digits = column.name ~ '_member', column.name ~ '_text', column.name ~ '_digits' -%}
    {%- if column.is_list -%}
        {{ list_of(column, member, text) }}
    {%- elif column.kind == 'id' -%}
        coalesce(nullif({{ text }}, ''), cast({{ whole_of(digits) }} as {{ type_string() }}))
    {%- elif column.kind == 'text' -%}
        nullif({{ text }}, '')
    {%- elif column.kind in ['integer_id', 'integer'] -%}
        {{ between_ends(whole_of(digits), column) }}
    {%- elif column.kind == 'decimal' -%}
        {{ between_ends(exact_decimal(digits), column) }}
    {%- elif column.kind == 'bool' -%}
        case
            when {{ member }} = 'true' then true
            when {{ member }} = 'false' then false
            when {{ whole_of(digits) }} = 1 then true
            when {{ whole_of(digits) }} = 0 then false
            when is_cell and lower({{ text }}) in ('true', 't', 'yes', 'y') then true
            when is_cell and lower({{ text }}) in ('false', 'f', 'no', 'n') then false
        end
    {%- elif column.kind == 'timestamp' -%}
        {{ timestamp_of_micros(in_calendar('(' ~ micros_of(digits, text, 'source_zone') ~ ')')) }}
    {%- elif column.kind == 'date' -%}
        {{ date_in(digits, text) }}
    {%- elif column.kind == 'word' -%}
        {{ word_in(text, column.words) }}
    {%- elif column.kind == 'exact_word' -%}
        case when {{ text }} in ({{ quoted_list(column.words) }}) then {{ text }} end
    {%- else -%}
        {{ letters_in(text, column.kind) }}
    {%- endif -%}
{%- endmacro %}

{% macro between_ends(number, column) -%}
    case
        when true
        {%- if column.least is not none %} and {{ number }} >= {{ column.least }}{% endif %}
        {%- if column.most is not none %} and {{ number }} <= {{ column.most }}{% endif %}
            then {{ number }}
    end
{%- endmacro %}

{% macro type_amount() -%}{{ return('numeric' if target.type == 'bigquery' else 'decimal(18, 6)') }}{%- endmacro %}

{# At most 12 digits before the point and 6 after it; zeros at either end do not count. #}
{% macro exact_decimal(digits) -%}
    case
        when {{ matches(digits, '^-?0*[0-9]{1,12}([.][0-9]{0,6}0*)?$') }}
            then cast({{ replace_all(digits, '([.][0-9]{6})0+$', raw_text('\\1')) }} as {{ type_amount() }})
    end
{%- endmacro %}

{# YYYY-MM-DD, or the date of a timestamp as it is written; of a change also days since 1970, or an instant. #}
{% macro date_in(digits, text) -%}
    {%- set day = try_cast_to(replace_all(digits, '([.][0-9]{9})[0-9]+$', raw_text('\\1')), type_decimal()) -%}
    case
        when {{ digits }} is not null and not is_change then null
        when abs({{ day }}) < 1000000
            then case
                when {{ day }} >= -719162
                    then {{ add_days("date '1970-01-01'", 'cast(floor(' ~ day ~ ') as int)') }}
            end
        when {{ digits }} is not null
            then {{ date_of_micros(in_calendar('(' ~ micros_of_size(digits) ~ ')')) }}
        when
            {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }}
            or {{ in_calendar('(' ~ micros_of('null', text, 'source_zone') ~ ')') }} is not null
            then case
                when substr({{ text }}, 1, 4) <> '0000'
                    then {{ try_cast_to('substr(' ~ text ~ ', 1, 10)', 'date') }}
            end
    end
{%- endmacro %}

{# One of some words, however it is spelled; where `other` is among them, anything else is that. #}
{% macro word_in(text, words) -%}
    {%- set word = "lower(replace(replace(" ~ text ~ ", ' ', '_'), '-', '_'))" -%}
    case
        when {{ word }} in ({{ quoted_list(words) }}) then {{ word }}
        {%- if 'other' in words %}
        when {{ text }} <> '' then 'other'
        {%- endif %}
    end
{%- endmacro %}

{# Whether a word was none of those listed. #}
{% macro is_other_word(text, words) -%}
    {%- if 'other' in words -%}
        coalesce(
            {{ text }} <> ''
            and lower(replace(replace({{ text }}, ' ', '_'), '-', '_')) not in ({{ quoted_list(words) }}), false
        )
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}

{# Codes of countries and currencies in capital letters, of languages in small ones; nothing is looked up. #}
{% macro letters_in(text, kind) -%}
    {%- set count = {'country': 2, 'currency': 3, 'language': 2}[kind] -%}
    case
        when {{ matches(text, '^[A-Za-z]{' ~ count ~ '}$') }}
            then {{ 'lower' if kind == 'language' else 'upper' }}({{ text }})
    end
{%- endmacro %}

{# The digits of a column; of a document whose numbers are texts, where there is one, as they were written. #}
{% macro exact_digits(column, exact) -%}
    {%- if exact -%}
        case
            when {{ may_have_lost_digits(column.name ~ '_member') }}
                then {{ json_string(json_member(exact, column.name)) }}
            else {{ value_digits(column) }}
        end
    {%- else -%}
        {{ value_digits(column) }}
    {%- endif -%}
{%- endmacro %}
