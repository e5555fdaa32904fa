"""Erasure: ids that were erased, kept as HMACs, and lines in which they read as pseudonyms."""
