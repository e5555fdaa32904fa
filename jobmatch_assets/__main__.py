"""`python -m jobmatch_assets` is the `jobmatch` command."""

from jobmatch_assets.cli import main

main(prog_name="jobmatch")
