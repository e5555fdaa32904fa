"""Which files lie in the landing root, and what is in them. Knows no warehouse and no Dagster."""
