"""`python -m jobmatch_assets` is the `jobmatch` command."""

from jobmatch_assets.cli.command import main

main()
