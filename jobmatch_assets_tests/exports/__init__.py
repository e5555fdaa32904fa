"""Exports of the published copy: their values, rows, notes and places."""
