"""The bare script once more, for PySpark, and the environment that it runs in."""
