{# Rolled-up dimensions. #}

{# A column of GROUPING SETS: `__all__` in the sets that leave it out. #}
{% macro rolled_up(column) -%}
    case when grouping({{ column }}) = 1 then '__all__' else {{ column }} end
{%- endmacro %}

{# A missing dimension reads (unknown). #}
{% macro known(column) -%}coalesce({{ column }}, '(unknown)'){%- endmacro %}
