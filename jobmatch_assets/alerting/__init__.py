"""Telling people what is wrong: incidents, how they are worded, and how they reach webhooks.

Nothing here knows Dagster; `orchestration/sensors/alerts.py` looks at the instance and brings what it sees.
"""
