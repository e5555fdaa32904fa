"""What each table promises: names, grain and columns. No engine, no orchestration, no files."""
