"""The words that columns may hold. The dbt models have their own list (macros); a test compares the two."""

EVENT_NAMES_WITH_JOB = (
    *("impression", "click", "job_view", "apply", "apply_start", "application_status", "bookmark"),
)

SURFACES = ("search", "recommendation", "email", "external", "direct")

PLATFORMS = ("web", "ios", "android", "backend")

DEVICE_TYPES = ("desktop", "mobile", "tablet")

OTHER = "other"
"""What a platform or device type reads that is not in the list."""

APPLICATION_STATUSES = (
    *("submitted", "reviewed", "shortlisted", "qualified", "disqualified"),
    *("interview", "offered", "placed", "rejected", "withdrawn"),
)

QUARANTINE_REASONS = (
    *("line_too_long", "not_utf8", "not_json", "not_an_object", "unsupported_schema_version"),
    *("missing_event_id", "unknown_event_name", "bad_event_ts", "event_ts_in_future", "event_ts_too_old"),
    *("missing_identity", "missing_job_id", "missing_search_id", "bad_rank_position"),
    *("incomplete_experiment", "bad_application_status", "bad_field_type"),
)

RAW_FORMS = ("text", "base64", "head_base64")

RANK_CUTOFFS = (1, 3, 5, 10, 20)

DIMENSIONS = ("platform", "device_type", "surface", "experiment_id", "variant")
"""Columns of gold that may be rolled up."""

ALL = "__all__"
"""A rolled-up dimension."""

UNKNOWN = "(unknown)"
"""A dimension that was not sent."""

AB_METRICS = ("ctr", "clicks_per_user", "applies_per_user", "apply_user_rate", "apply_per_click")

AB_STATUSES = ("no_control", "invalid_multiple_variants", "invalid_srm", "insufficient", "ok")
