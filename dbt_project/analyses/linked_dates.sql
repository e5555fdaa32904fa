-- Dates with lines that share a link (a result list) with lines of the window, the window's own among them.
{{ linked_dates(var('feed')) }}
