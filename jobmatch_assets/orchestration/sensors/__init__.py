"""What looks by itself whether there is something to do or to tell."""
