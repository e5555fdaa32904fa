"""The schemas, or datasets, of the three layers."""

SCHEMA_PREFIX = "job_matching_"
"""What stands before the layer in the name of a schema, or dataset."""

BRONZE_SCHEMA = "job_matching_bronze"
SILVER_SCHEMA = "job_matching_silver"
GOLD_SCHEMA = "job_matching_gold"
