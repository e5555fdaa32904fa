{#
  The labels of dbt's jobs on an engine that bills them, as a comment in JSON: those that the platform puts on its
  own jobs (jobmatch_assets/warehouse/bigquery/account.py), and the check where it is one.
#}
{% macro job_labels(node) -%}
    {%- if target.type == 'bigquery' -%}
        {%- set dates = var('window', '').split('/') -%}
        {%- set labels = {
            'application': 'jobmatch',
            'run': var('run_id', '') or 'none',
            'asset': (node.attached_node or node.name).split('.')[-1] if node else 'planning',
            'partition': (dates[0] if dates[0] == dates[-1] else dates[0] ~ '_' ~ dates[-1]) or 'none',
        } -%}
        {%- if node and node.resource_type == 'test' -%}{%- do labels.update({'check': node.name}) -%}{%- endif -%}
        {{ return(tojson(labels)) }}
    {%- endif -%}
{%- endmacro %}
