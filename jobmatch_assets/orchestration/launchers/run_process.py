"""What the process of a run does."""

import os


def execute_run(serialized_arguments: str) -> None:
    """Execute a run, as `dagster api execute_run` does in a process of its own.

    Args:
        serialized_arguments: An `ExecuteRunArgs`, as Dagster writes it.
    """
    from dagster import DagsterInstance
    from dagster._cli.api import execute_run_command
    from dagster._grpc.types import ExecuteRunArgs
    from dagster._serdes import deserialize_value

    from jobmatch_assets.garbage import collect_rarely
    from jobmatch_assets.orchestration.launchers.kept_connections import keeping_connections
    from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark

    collect_rarely()
    # Ctrl-C in a terminal is for Dagster, which cancels its runs then; a run that it hits says it has failed.
    os.setpgrp()
    arguments = deserialize_value(serialized_arguments, ExecuteRunArgs)
    reference = arguments.instance_ref
    with DagsterInstance.from_ref(reference) if reference else DagsterInstance.get() as instance:
        instance.add_run_tags(arguments.run_id, ProcessMark.of_this_process().tags)
    with keeping_connections():
        execute_run_command.main([serialized_arguments], standalone_mode=False)
