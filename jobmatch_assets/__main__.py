"""`python -m jobmatch_assets` is the `jobmatch` command."""

from jobmatch_assets.command import main

main()
