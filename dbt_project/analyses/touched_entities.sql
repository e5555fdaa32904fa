-- Entities that wait to be walked again: those of which a record of the window's files is new, or says something else.
select distinct
    changed.entity_table,
    changed.source,
    changed.entity_key
from (
    {{ changed_lines(var('feed'), ['entity_table', 'source', 'entity_key', 'reason'], var('is_compared', false)) }}
) as changed
where changed.reason is null
