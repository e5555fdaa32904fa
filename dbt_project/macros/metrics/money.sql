{# tmp #}
{% macro bid_amount(bid) -%}case when {{ bid }} < 1e12 then round(cast(cast({{ bid }} as varchar) as decimal(38,20)), 6) end{%- endmacro %}
