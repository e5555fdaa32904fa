"""Random histories of entities, as landing files: the same seed writes the same bytes."""
