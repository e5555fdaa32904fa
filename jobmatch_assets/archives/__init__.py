"""Lines of bronze outside of the warehouse: Parquet files in folders, each with a manifest to prove them."""
