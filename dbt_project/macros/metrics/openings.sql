{# Words of postings and openings; the Python side has the same in contracts/subjects/. #}

{# Why a posting ceases to be live: the first of them that applies. #}
{% macro reasons_of_end() -%}
    {{ return(['filled', 'expired', 'cancelled', 'deleted', 'paused', 'closed_other']) }}
{%- endmacro %}
