"""Tables of the published copy as files: what is written to CSV, Parquet and XLSX, and where the files go."""
