"""The fields of a line that the bare scripts read, by type.

It imports nothing: PySpark's environment has nothing of the platform.
"""

TEXTS = (
    *("event_id", "event_name", "event_ts", "ingested_at", "surface", "currency", "application_status"),
    *("anonymous_id", "session_id", "search_id", "search_query", "ranker_version", "experiment_id"),
    *("variant", "application_id", "platform", "device_type", "source", "user_id", "job_id"),
)
INTEGERS = ("schema_version", "results_count", "rank_position", "publisher_id", "campaign_id", "group_id")
