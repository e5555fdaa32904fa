"""The commands of `jobmatch`, a file each; what takes long to import is imported when one runs."""
