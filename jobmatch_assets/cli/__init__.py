"""The command line `jobmatch`."""
