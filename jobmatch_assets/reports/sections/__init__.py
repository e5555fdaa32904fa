"""The sections of the weekly report, a file each: what a section asks of the copy, and what it says."""
