-- The dates that the staged lines of one file of the window are of. The variable sha256 is that of its bytes:
-- hex digits, and nothing else.
{%- set date = changes_of(var('feed')).date %}
select distinct {{ date }} as date_of_lines
from {{ staging_relation(var('feed')) }}
where
    {{ in_window('_source_dt') }}
    and _source_sha256 = '{{ var('sha256', '') }}'
    and {{ date }} is not null
