"""What tests need of the platform: a workbench in a wanted state, events, violations, programs, a cloud."""
