{#
  How single values are read, by kind. Each macro gives the typed value from columns that typed_members() has made:
  <name>_text (a text, trimmed where its kind is, NULL where empty), <name>_digits (a number without exponent), and
  for instants <name>_micros. What was sent and has no value is invalid.
#}

{# Kinds whose texts are trimmed wherever they come from. #}
{% macro trimmed_kinds() -%}
    {{ return(['word', 'exact_word', 'country', 'currency', 'language', 'decimal']) }}
{%- endmacro %}

{# Kinds for which a number may stand; a text cell that looks like one is a number for all of them but id. #}
{% macro number_kinds() -%}
    {{ return(['id', 'integer_id', 'integer', 'decimal', 'bool', 'timestamp', 'date']) }}
{%- endmacro %}

{% macro entity_value(column) -%}
    {%- set name, kind = column.name, column.kind -%}
    {%- set text, digits, micros = name ~ '_text', name ~ '_digits', name ~ '_micros' -%}
    {%- if kind == 'text' -%}
        {{ text }}
    {%- elif kind == 'id' -%}
        case
            when {{ text }} is not null then {{ text }}
            else cast({{ whole_number(digits) }} as {{ type_string() }})
        end
    {%- elif kind in ('integer', 'integer_id') -%}
        {{ within_limits(whole_number(digits), column) }}
    {%- elif kind == 'decimal' -%}
        {{ within_limits(entity_decimal(digits), column) }}
    {%- elif kind == 'bool' -%}
        {{ bool_value(name) }}
    {%- elif kind == 'timestamp' -%}
        {{ timestamp_of_micros(micros) }}
    {%- elif kind == 'date' -%}
        {{ date_value(name) }}
    {%- else -%}
        {{ word_value(text, column) }}
    {%- endif -%}
{%- endmacro %}

{# The number, NULL where it lies outside the limits of its column. #}
{% macro within_limits(number, column) -%}
    {%- if column.least is none and column.most is none -%}
        {{ number }}
    {%- else -%}
        case
            when
                {%- if column.least is not none %} {{ number }} >= {{ column.least }}{% endif -%}
                {{- ' and' if column.least is not none and column.most is not none -}}
                {%- if column.most is not none %} {{ number }} <= {{ column.most }}{% endif %}
                then {{ number }}
        end
    {%- endif -%}
{%- endmacro %}

{% macro bool_value(name) -%}
    case
        when {{ name }}_member in ('true', 'false') then {{ name }}_member = 'true'
        when {{ whole_number(name ~ '_digits') }} in (0, 1) then {{ whole_number(name ~ '_digits') }} = 1
        when is_cell and lower({{ name }}_text) in ('true', 't', 'yes', 'y') then true
        when is_cell and lower({{ name }}_text) in ('false', 'f', 'no', 'n') then false
    end
{%- endmacro %}

{# The date as it is written; numbers are dates in changes alone. #}
{% macro date_value(name) -%}
    {%- set text, digits, micros = name ~ '_text', name ~ '_digits', name ~ '_micros' -%}
    case
        when {{ digits }} is not null
            then case
                when not is_change then null
                when {{ counts_days(digits) }} then {{ date_of_days(digits) }}
                else {{ date_of_micros(micros) }}
            end
        when
            substr({{ text }}, 1, 4) <> '0000'
            and ({{ micros }} is not null or {{ matches(text, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') }})
            then {{ try_cast_to('substr(' ~ text ~ ', 1, 10)', 'date') }}
    end
{%- endmacro %}

{# A word as it is compared: `Full-Time` is full_time. Engines differ in what the small letters of others than ASCII are. #}
{% macro spelled_word(text) -%}
    translate({{ text }}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -', 'abcdefghijklmnopqrstuvwxyz__')
{%- endmacro %}

{# Values that are texts of a certain form; `text` is trimmed. #}
{% macro word_value(text, column) -%}
    {%- set kind = column.kind -%}
    {%- if kind == 'word' -%}
        case
            when {{ is_one_of(text, column.words) }} then {{ text }}
            when {{ is_one_of(spelled_word(text), column.words) }} then {{ spelled_word(text) }}
            {%- if 'other' in column.words %}
            when {{ text }} is not null then 'other'
            {%- endif %}
        end
    {%- elif kind == 'exact_word' -%}
        case when {{ is_one_of(text, column.words) }} then {{ text }} end
    {%- elif kind == 'country' -%}
        case when {{ matches(text, '^[A-Za-z]{2}$') }} then upper({{ text }}) end
    {%- elif kind == 'currency' -%}
        case when {{ matches(text, '^[A-Za-z]{3}$') }} then upper({{ text }}) end
    {%- elif kind == 'language' -%}
        case when {{ matches(text, '^[A-Za-z]{2}$') }} then lower({{ text }}) end
    {%- else -%}
        {{ text }}
    {%- endif -%}
{%- endmacro %}

{# Whether a text became `other`; `text` is trimmed. #}
{% macro became_other(text, column) -%}
    {%- if column.kind == 'word' and 'other' in column.words -%}
        case
            when {{ text }} is null or {{ is_one_of(text, column.words) }} then false
            else not {{ is_one_of(spelled_word(text), column.words) }}
        end
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
