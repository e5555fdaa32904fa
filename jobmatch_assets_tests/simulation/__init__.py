"""Tests of the event generator; the oracle of `golden/` judges what it writes."""
