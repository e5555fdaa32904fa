{# Local times. #}

{# The instant of a local time in a zone, both in microseconds: of two the earlier, in a gap shifted forward. #}
{% macro micros_in_zone(micros, zone) -%}{{ return(adapter.dispatch('micros_in_zone')(micros, zone)) }}{%- endmacro %}

{# DuckDB takes the later of two; where one an hour, or half an hour, earlier has the same local time, it is that. #}
{% macro duckdb__micros_in_zone(micros, zone) -%}
    {%- set later = 'epoch_us(timezone(' ~ zone ~ ', make_timestamp(' ~ micros ~ ')))' -%}
    case
        when {{ zone }} = 'UTC' then {{ micros }}
        {%- for ahead in (3600000000, 1800000000) %}
        when epoch_us(timezone({{ zone }}, make_timestamptz({{ later }} - {{ ahead }}))) = {{ micros }}
            then {{ later }} - {{ ahead }}
        {%- endfor %}
        else {{ later }}
    end
{%- endmacro %}

{% macro bigquery__micros_in_zone(micros, zone) -%}
    unix_micros(timestamp(datetime(timestamp_micros({{ micros }})), {{ zone }}))
{%- endmacro %}
