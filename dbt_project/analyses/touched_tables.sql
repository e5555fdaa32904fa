-- The tables of entities that wait to be walked again, by request, for each stage that builds something of
-- them.
{% for stage in var('whole_stages', []) -%}
{{ 'union all' if not loop.first }}
select distinct
    touched.entity_table,
    touched.request_id,
    '{{ stage }}' as stage
from {{ control_relation('entities_touched') }} as touched
{% endfor %}
