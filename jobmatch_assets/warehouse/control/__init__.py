"""What the platform keeps in control tables: files, what waits, what was found. Once for all engines."""
