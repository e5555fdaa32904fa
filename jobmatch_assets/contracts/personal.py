"""Columns that lead to a person, or hold what somebody wrote: no preview of a table shows them."""

PERSONAL_COLUMNS = frozenset(
    {
        *("unit_id", "user_id", "anonymous_id", "session_id"),
        *("event_id", "search_id", "application_id"),
        *("search_query", "properties", "raw_line", "message"),
    }
)
"""Their names, whichever table has them."""
