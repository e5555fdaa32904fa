"""Dagster: partitions, assets, checks, jobs, and the steps that they are made of. A file each."""
