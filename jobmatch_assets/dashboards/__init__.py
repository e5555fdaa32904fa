"""The pages that people look at: an HTML file each, made from the published copy of gold and nothing else."""
