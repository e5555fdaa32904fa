"""What is looked at in the tables: checks, each with what it found. No Dagster."""
