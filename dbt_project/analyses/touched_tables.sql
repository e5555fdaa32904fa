-- The tables of the entities that a request touches, for each stage that builds something of them. Which
-- request it is, the platform tells when it runs this.
{% for stage in var('whole_stages', []) -%}
{{ 'union all' if not loop.first }}
select distinct
    touched.entity_table,
    '{{ stage }}' as stage
from {{ control_relation('entities_touched') }} as touched
where touched.request_id = {{ given_constant('request_id') }}
{% endfor %}
