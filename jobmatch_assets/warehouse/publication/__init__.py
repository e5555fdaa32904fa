"""Writing the published copy, a DuckDB file and Parquet beside it, from whichever engine."""
