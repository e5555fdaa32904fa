"""The sensor that looks for new files, and for everything else that waits, and starts one run for all of it.

What is there to do is found by comparing the landing root with the file ledger and by reading the rebuild
queue, both in the warehouse. So nothing is forgotten while the daemon is down, and it does not matter who
loaded a file. The cursor only spares work and counts attempts.
"""

import datetime as dt
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import dagster as dg

from jobmatch_assets.dates import shown
from jobmatch_assets.orchestration.command_runs import COMMAND_TAG
from jobmatch_assets.orchestration.landing_checks import unrecorded
from jobmatch_assets.orchestration.launchers.dead_runs import end_dead_runs
from jobmatch_assets.orchestration.process_job import PROCESS_NEW_FILES
from jobmatch_assets.pipeline.landed import LandingLook
from jobmatch_assets.pipeline.landing_checks import landing_outcomes, look
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.pipeline.warehouse_check import PATIENCE, free, held
from jobmatch_assets.pipeline.work import WaitingWork, find_work
from jobmatch_assets.warehouse.port import WarehouseBusyError, WarehouseHeldError

ATTEMPT_TAG = "jobmatch/attempt"
"""Tag of a run: which attempt at the same work it is, of how many before it is reported, e.g. 2/3."""

WORK_TAG = "jobmatch/work"

ATTEMPTS = 3
"""Runs that fail as often are reported; further attempts follow at ever longer intervals."""

_FIRST_DELAY = dt.timedelta(seconds=15)
_LONGEST_DELAY = dt.timedelta(days=1)

# Dagster's daemon goes round its sensors every 5 seconds; a tick looks at the files for most of that time.
# The least time between ticks is shorter, since after one that began late the next would be passed over.
_TICK_SECONDS = 2
_WATCH_SECONDS = 4.0
_POLL_SECONDS = 0.5
# A listing of many files may take up to a fifth of the time between two.
_POLL_SHARE = 5.0
# Dagster gives up on a tick after 60 seconds, and nobody is told why: a bucket that cannot be reached is not
# asked for as long as a run asks.
_LOOK_SECONDS = 20.0

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True)
class Memory:
    """What a tick leaves to the next.

    Attributes:
        done: Digest of a listing of which every file is in bronze.
        work: What the last run was started for.
        attempts: How many runs were started for it.
        not_before: When the next may be, in seconds since 1970.
        held_since: Since when ticks find the warehouse kept by a program of somebody else.
        held_at: When they found that last; 0: it is free.
    """

    done: str = ""
    work: str = ""
    attempts: int = 0
    not_before: float = 0.0
    held_since: float = 0.0
    held_at: float = 0.0

    @classmethod
    def of(cls, cursor: str | None) -> "Memory":
        """Read a cursor; one of another version is as good as none."""
        try:
            return cls(**json.loads(cursor)) if cursor else cls()
        except (TypeError, ValueError):
            return cls()

    def after_starting(self, work: WaitingWork, now: dt.datetime) -> "Memory":
        """One more run for this work."""
        attempts = self.attempts + 1 if work.id == self.work else 1
        delay = min(_FIRST_DELAY * 4 ** min(attempts - 1, 10), _LONGEST_DELAY)
        return replace(self, work=work.id, attempts=attempts, not_before=(now + delay).timestamp())

    def while_held(self, now: dt.datetime) -> "Memory":
        """Somebody keeps the warehouse.

        A run that failed on it is no reason to wait when it is free again. What was found longer ago than
        people are patient may have ended since.
        """
        is_same = now.timestamp() - self.held_at <= PATIENCE.total_seconds()
        since = self.held_since if is_same else now.timestamp()
        return replace(self, not_before=0.0, held_since=since, held_at=now.timestamp())


@dataclass
class Watcher:
    """One tick.

    Attributes:
        platform: What is watched.
        now: The time, for the pause between attempts.
        watch_seconds: How long to go on looking where there is nothing to do.
        look_seconds: For how long requests to a bucket are repeated at most.
    """

    platform: Platform
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    watch_seconds: float = _WATCH_SECONDS
    look_seconds: float = _LOOK_SECONDS

    def tick(self, instance: dg.DagsterInstance, cursor: str | None) -> dg.SensorResult:
        """Look, and ask for a run where there is something to do."""
        memory = Memory.of(cursor)
        deadline = time.monotonic() + self.watch_seconds
        is_first_look = True
        news: list[dg.AssetCheckEvaluation] = []
        while True:
            started = time.monotonic()
            try:
                if run_id := _run_under_way(instance):
                    reason = f"Run {run_id} is under way; then the next look."
                else:
                    seen = self._look()
                    news = unrecorded(instance, landing_outcomes(seen, self.platform.settings.landing))
                    if seen.problem:
                        return _skip(memory, str(seen.problem), news)
                    if is_first_look or seen.digest != memory.done:
                        work = self._work(seen)
                        news += unrecorded(instance, [free()])
                        memory = replace(memory, held_since=0.0, held_at=0.0)
                        if work:
                            return self._start(memory, work, news)
                        memory = Memory(done=seen.digest)
                    reason = _nothing_new(seen, work)
                    is_first_look = False
            except WarehouseHeldError as error:
                return self._held(instance, memory, error, news)
            except WarehouseBusyError as error:
                reason = f"{error} Then the next look."
            pause = max(_POLL_SECONDS, _POLL_SHARE * (time.monotonic() - started))
            if time.monotonic() + pause > deadline:
                return _skip(memory, reason, news)
            time.sleep(pause)

    def _held(
        self,
        instance: dg.DagsterInstance,
        memory: Memory,
        error: WarehouseHeldError,
        news: Sequence[dg.AssetCheckEvaluation],
    ) -> dg.SensorResult:
        """Who keeps the warehouse is told at once here, and to everybody when it has lasted."""
        now = self.now()
        memory = memory.while_held(now)
        since = dt.datetime.fromtimestamp(memory.held_since, dt.UTC)
        if now - since >= PATIENCE:
            news = [*news, *unrecorded(instance, [held(error, since, self.platform)])]
        return _skip(memory, f"Busy since {since:%Y-%m-%d %H:%M} UTC: {error}", news)

    def _look(self) -> LandingLook:
        settings = self.platform.settings
        seconds = min(settings.google_retry_timeout, self.look_seconds)
        return look(replace(self.platform, settings=replace(settings, google_retry_timeout=seconds)))

    def _work(self, seen: LandingLook) -> WaitingWork:
        with self.platform.open(wait=False) as session:
            session.prepare()
            return find_work(seen, session)

    def _start(
        self, memory: Memory, work: WaitingWork, news: Sequence[dg.AssetCheckEvaluation]
    ) -> dg.SensorResult:
        now = self.now()
        if work.id == memory.work and now.timestamp() < memory.not_before:
            next_at = dt.datetime.fromtimestamp(memory.not_before, dt.UTC)
            return _skip(
                memory,
                f"{memory.attempts} runs did not get this done: {_shown(work)}. The next attempt is at "
                f"{next_at:%Y-%m-%d %H:%M:%S} UTC, or as soon as anything changes.",
                news,
            )
        memory = memory.after_starting(work, now)
        tags = {ATTEMPT_TAG: f"{memory.attempts}/{ATTEMPTS}", WORK_TAG: work.id}
        return dg.SensorResult(
            run_requests=[dg.RunRequest(tags=tags)],
            cursor=json.dumps(asdict(memory)),
            asset_events=news,
        )


def build_new_files_sensor(platform: Platform, job: dg.JobDefinition) -> dg.SensorDefinition:
    """The sensor; it runs unless it is switched off in the UI."""

    @dg.sensor(
        name="new_files",
        job=job,
        minimum_interval_seconds=_TICK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=(
            "Looks for files that are new in the landing root and for dates that wait to be built, and "
            "starts one run for all of them. Records the checks of the landing root when they change."
        ),
    )
    def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return Watcher(platform).tick(context.instance, context.cursor)

    return new_files


def _run_under_way(instance: dg.DagsterInstance) -> str | None:
    """A run of the job that waits or works; whether one of a command does, the warehouse knows better."""
    end_dead_runs(instance)
    runs = instance.get_runs(dg.RunsFilter(job_name=PROCESS_NEW_FILES, statuses=_UNDER_WAY))
    return next((run.run_id for run in runs if COMMAND_TAG not in run.tags), None)


def _skip(memory: Memory, reason: str, news: Sequence[dg.AssetCheckEvaluation]) -> dg.SensorResult:
    return dg.SensorResult(
        skip_reason=dg.SkipReason(reason),
        cursor=json.dumps(asdict(memory)),
        asset_events=news,
    )


def _nothing_new(seen: LandingLook, work: WaitingWork) -> str:
    """Why there is nothing to do, and what is left out."""
    parts = [f"Nothing new: {seen.file_count:,} files are loaded and built."]
    parts += [
        f"{len(names):,} left where they are, e.g. {names[0]} ({why.value})."
        for why, names in seen.left_out.items()
    ]
    if work.held_back_dates:
        parts.append(f"Held back by failing checks: gold of {shown(work.held_back_dates)}.")
    return " ".join(parts)


def _shown(work: WaitingWork) -> str:
    if work.refusal:
        return work.refusal
    parts = [f"{len(work.new_files)} files, e.g. {work.new_files[0].source_file}"] if work.new_files else []
    parts += [
        f"{stage.name} of {shown({entry.event_date for entry in entries})}"
        for stage, entries in work.queued.items()
        if entries
    ]
    if work.registered:
        parts.append(f"results of {', '.join(sorted(work.registered))}, registered anew")
    return "; ".join(parts) or f"files of {shown({day for days in work.days.values() for day in days})}"
