-- What is kept of the window's staged lines while they are staged again, by the columns that decide what a
-- change touches.
-- depends_on: {{ source('bronze', 'files') }}
{{ kept_lines(var('feed')) }}
