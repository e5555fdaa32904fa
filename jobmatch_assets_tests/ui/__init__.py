"""The Dagster web UI's backend as it is started by hand: `dagster dev` and what its buttons send."""
