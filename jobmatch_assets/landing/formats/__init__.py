"""How the files of a format become records: one module a format."""
