"""Why a record of an entity is rejected."""

MAX_RECORD_BYTES = 4 * 1024 * 1024
"""A longer record is kept by its beginning only."""

UNCHANGED_VALUE = "__debezium_unavailable_value"
"""What Debezium sends in place of a large value that an update did not touch."""

ENTITY_REASONS = (
    *("record_too_long", "not_utf8", "not_json", "not_an_object", "bad_csv_row", "unsupported_op"),
    *("bad_envelope", "missing_key", "bad_change_time", "changed_in_future", "changed_too_early"),
    "bad_required_field",
)
"""In the order in which they are looked for."""
