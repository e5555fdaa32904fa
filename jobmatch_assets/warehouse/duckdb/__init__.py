"""The warehouse on DuckDB."""
