-- The files with staged lines of the window's dates: what a table that is built of these dates is made of.
{%- set changes = changes_of(var('feed')) %}
select
    _source_dt,
    _source_file,
    _source_sha256,
    count(*) as lines_of_dates
from {{ staging_relation(var('feed')) }}
where {{ in_window(changes.date) }} and {{ since_window('_source_dt', 1) }}
group by _source_dt, _source_file, _source_sha256
