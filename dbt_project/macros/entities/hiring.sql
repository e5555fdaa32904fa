{# Words of hiring; the Python side has the same in contracts/entities/tables.py. #}

{# At equal times the later of them counts. #}
{% macro statuses_in_order() -%}
    {{ return([
        'submitted', 'reviewed', 'qualified', 'disqualified', 'shortlisted',
        'interview', 'offered', 'withdrawn', 'rejected', 'placed',
    ]) }}
{%- endmacro %}

{# Who has reached one of them has reached those before it. #}
{% macro stages_of_hiring() -%}
    {{ return(['submitted', 'reviewed', 'shortlisted', 'interview', 'offered', 'placed']) }}
{%- endmacro %}

{% macro closed_statuses() -%}{{ return(['placed', 'rejected', 'withdrawn', 'disqualified']) }}{%- endmacro %}

{# Statuses that are no answer of the employer. #}
{% macro statuses_of_applicants() -%}{{ return(['submitted', 'withdrawn']) }}{%- endmacro %}

{# The events that are facts of a job. #}
{% macro fact_event_names() -%}
    {{ return(['impression', 'click', 'job_view', 'bookmark', 'apply_start', 'apply']) }}
{%- endmacro %}

{# A predicate: an event of any date that has a partition. #}
{% macro in_any_partition(column) -%}
    {{ column }} >= date '{{ partitions_start() }}' and {{ column }} <= date '{{ partitions_end() }}'
{%- endmacro %}
