"""Telling producers what will become of their lines, before they land anywhere."""
