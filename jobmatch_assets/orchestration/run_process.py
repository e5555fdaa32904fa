"""What the process of a run does."""


def execute_run(serialized_arguments: str) -> None:
    """Execute a run, as `dagster api execute_run` does in a process of its own.

    Args:
        serialized_arguments: An `ExecuteRunArgs`, as Dagster writes it.
    """
    from dagster._cli.api import execute_run_command

    execute_run_command.main([serialized_arguments], standalone_mode=False)
