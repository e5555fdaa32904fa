"""How a stage is built: loads, dbt, statistics."""
