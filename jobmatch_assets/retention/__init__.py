"""Lines that leave bronze and may come back: of files that were withdrawn, and of days that are old."""
