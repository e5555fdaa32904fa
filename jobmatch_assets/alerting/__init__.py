"""Telling people what is wrong: incidents, how they are worded, and how they reach webhooks.

Nothing here knows Dagster; `orchestration/alert_sensor.py` looks at the instance and brings what it sees.
"""
