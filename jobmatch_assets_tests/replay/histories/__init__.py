"""Random histories of entities, as landing files: the same seed writes the same bytes."""

SEEDS = range(12)
"""The histories that `make test` tries."""
