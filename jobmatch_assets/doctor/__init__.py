"""Whether an instance of the platform is well: what it stands on, looked at without a trace; what to do."""
