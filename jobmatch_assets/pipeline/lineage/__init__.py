"""From which columns of its parents each column of a model is made: traced in its SQL, kept in a file."""
