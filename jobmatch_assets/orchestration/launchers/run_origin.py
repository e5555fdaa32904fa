"""Which code location a run within this process belongs to: the UI's timeline shows no run without one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import dagster as dg
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

_LOCATION = "jobmatch_assets.definitions"
"""What `dagster dev` calls the location of workspace.yaml; that of the containers has the same name."""

_REPOSITORY = "__repository__"


@contextmanager
def with_origin(instance: dg.DagsterInstance, job: dg.JobDefinition) -> Iterator[None]:
    """Within the block, runs of this job are made as if the code location of `make dev` had asked for them.

    Dagster's `execute_in_process` gives a run no origin, and has no argument for one.
    """
    target = LoadableTargetOrigin(
        executable_path=sys.executable, module_name=_LOCATION, working_directory=str(Path.cwd())
    )
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, _LOCATION)
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(location, _REPOSITORY), job.name)
    made = partial(instance.create_run_for_job, remote_job_origin=origin)
    instance.create_run_for_job = made  # type: ignore[method-assign]
    try:
        yield
    finally:
        del instance.create_run_for_job
