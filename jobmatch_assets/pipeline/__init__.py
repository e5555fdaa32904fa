"""What is to be done and in what order: from landed files to the published copy. No Dagster."""
