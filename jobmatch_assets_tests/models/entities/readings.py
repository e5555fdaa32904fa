"""How tests read a member: a template with a column of each kind, and what is told of a value."""

from collections.abc import Callable
from typing import Any

KINDS = """
{%- set columns = [] -%}
{%- for kind in ['id', 'integer_id', 'text', 'timestamp', 'date', 'decimal', 'integer', 'bool', 'word',
                 'strict_word', 'exact_word', 'country', 'currency', 'language'] -%}
{%- do columns.append({
    'name': kind, 'kind': 'word' if kind == 'strict_word' else kind, 'is_list': false,
    'least': 1 if kind == 'integer' else none, 'most': 5 if kind == 'integer' else none,
    'words': {'word': ['full_time', 'other'], 'strict_word': ['open', 'closed']}.get(kind, ['1-10', '10001+']),
}) -%}
{%- endfor -%}
{%- for kind in ['text', 'word', 'country', 'location'] -%}
{%- do columns.append({
    'name': 'list_of_' ~ kind, 'kind': kind, 'is_list': true, 'least': none, 'most': none,
    'words': ['full_time', 'other'],
}) -%}
{%- endfor -%}
with documents as (
    select *, {{ json_document(with_marked_numbers('state'), columns | map(attribute='name')) }} as document from cases
),
members as (
    select is_cell, is_change, source_time_zone
    {%- for column in columns %}, {{ json_member('document', column.name) }} as {{ column.name }}_member{% endfor %}
    from documents
)
select * from ({{ typed_members('members', columns) }}) as read
"""

Read = Callable[..., Any]
INVALID, UNAVAILABLE, OTHER = "(invalid)", "(unavailable)", "(other)"
STAND_IN = "__debezium_unavailable_value"
