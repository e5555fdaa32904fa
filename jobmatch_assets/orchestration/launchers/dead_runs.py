"""Runs whose process was killed: they end as failed, and nobody waits for them any more."""

import dagster as dg

from jobmatch_assets.orchestration.launchers.process_mark import ProcessMark, ProcessState

_NOT_FINISHED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Report runs as failed whose process is gone, and free the places in pools of runs that have ended.

    What may live on another machine, or in another container, is left as it is.

    Returns:
        What was found dead, a sentence each.
    """
    dead = []
    for run in instance.get_runs(dg.RunsFilter(statuses=_NOT_FINISHED)):
        mark = ProcessMark.of_tags(run.tags)
        if mark is None or mark.state is not ProcessState.GONE:
            continue
        # It may have ended well since it was read; now that its process is gone, nothing changes any more.
        last = instance.get_run_by_id(run.run_id)
        if last is None or last.is_finished:
            continue
        instance.report_run_failed(last, gone_message(mark))
        dead.append(f"Run {run.run_id[:8]} did not end: {gone_message(mark)}")
    _free_places(instance)
    return dead


def gone_message(mark: ProcessMark) -> str:
    """Why a run is reported as failed."""
    return (
        f"Its {mark} is gone: it was killed, or the machine went down. The next run goes on where it stopped."
    )


def _free_places(instance: dg.DagsterInstance) -> None:
    """Dagster's daemon does the same; without one, nobody would."""
    storage = instance.event_log_storage
    if not storage.supports_global_concurrency_limits:
        return
    for run_id in storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            storage.free_concurrency_slots_for_run(run_id)
