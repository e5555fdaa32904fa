"""How runs become processes, and whose they are. The only room that imports Dagster's own insides."""
