"""Tests, laid out like the package; `golden/` holds the shared cases."""
