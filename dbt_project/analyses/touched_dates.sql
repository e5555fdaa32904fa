-- Rows of the rebuild queue: which dates change with the lines of the window's files that are not staged yet.
-- depends_on: {{ source('bronze', 'files') }}
{{ touched_dates(var('feed'), var('stages', []), var('is_compared', true)) }}
