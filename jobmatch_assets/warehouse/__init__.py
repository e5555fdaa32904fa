"""The one place that knows DuckDB from BigQuery, behind a small port."""
