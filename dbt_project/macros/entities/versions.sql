{% macro entity_versions(table) -%}
    select * from {{ ref('stg_entity_records') }} where entity_table = '{{ table }}'
{%- endmacro %}
