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

{# The class of a company by its applications and the median of their hours to the first response. #}
{% macro responsiveness_of(applications, median_hours) -%}
    case
        when {{ applications }} < {{ from_of('responsiveness', '(enough)') }} then '{{ no_tier() }}'
        when {{ median_hours }} is null then '{{ never_answers() }}'
        else {{ tier_of('responsiveness', median_hours) }}
    end
{%- endmacro %}
