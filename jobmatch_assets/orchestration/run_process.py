"""What the process of a run does."""

import os


def execute_run(serialized_arguments: str) -> None:
    """Execute a run, as `dagster api execute_run` does in a process of its own.

    Args:
        serialized_arguments: An `ExecuteRunArgs`, as Dagster writes it.
    """
    from dagster._cli.api import execute_run_command

    # Ctrl-C in a terminal is for Dagster, which cancels its runs then; a run that it hits says it has failed.
    os.setpgrp()
    execute_run_command.main([serialized_arguments], standalone_mode=False)
