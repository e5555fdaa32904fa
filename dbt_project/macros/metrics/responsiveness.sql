{# How soon a company answers who applies to it. #}

{#
  The tiers of responsiveness from the best on, each with the hours before which half must be answered; none: at any time.
#}
{% macro limits_of_responsiveness() -%}
    {%- set found, limit = [], namespace(hours=none) -%}
    {%- for tier in tiers_of('responsiveness') -%}
        {%- do found.append({'tier': tier, 'hours': limit.hours}) -%}
        {%- set limit.hours = from_of('responsiveness', tier) -%}
    {%- endfor -%}
    {{ return(found | reverse | list) }}
{%- endmacro %}

{# Of a company with enough applications of which less than half were ever answered. #}
{% macro never_answers() -%}{{ return('silent') }}{%- endmacro %}
