"""All settings, a file per subject: the field of each, its help, its default and how its text is read."""
