"""What is wrong at the moment, and what of it is news: from observations to notices, without side effects.

An incident is one thing that is wrong, however often it is seen:

- a check (asset and name): open while its newest evaluation fails. Other rows or partitions are the same
  incident. It is told again where a warning becomes an error or an error a warning, and, at most once a day,
  where partitions fail that did not when it was told: an old date that nobody repairs must not hide what goes
  wrong later. Within a run that evaluates a check several times, one failure counts.
- a run (job, assets, partition range): open until a later run succeeds that covers it. Attempts that will be
  repeated are not told. A run that failed on nothing but failed checks is no incident of its own: its checks
  are.
- an asset: open while it is stale (or late, a warning).

Failed checks are told when their run has ended, so that one message says all; what takes too long is not
waited for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["warn", "error"]

RUN_SECONDS = 15 * 60
"""How long a failed check waits for its run to end."""

RETRY_SECONDS = 60 * 60
"""How long after the first failed attempt nothing is told, however many follow."""

RENEWAL_SECONDS = 24 * 60 * 60
"""How long a failing check is not told again for further partitions."""

MOST_ERROR = 2_000
"""Characters of an error that are kept, and told where a receiver has room."""

MOST_INCIDENTS = 5_000
"""More open incidents than this are not kept: the oldest that were told are forgotten."""


@dataclass(frozen=True)
class Subject:
    """What can be wrong; the identity of an incident.

    Attributes:
        kind: A run, a check or an asset.
        name: The job or the check.
        assets: For a run what it materializes (empty: all of the job), else the one asset, as layer/table.
        first: First partition of a run; empty without partitions.
        last: Its last partition.
    """

    kind: Literal["run", "check", "asset"]
    name: str = ""
    assets: tuple[str, ...] = ()
    first: str = ""
    last: str = ""

    def covers(self, other: "Subject") -> bool:
        """Whether a success of this one says that the other is well, too. Partitions are ISO dates."""
        if self.kind != "run" or (self.kind, self.name) != (other.kind, other.name):
            return self == other
        if self.assets and not (other.assets and set(other.assets) <= set(self.assets)):
            return False
        if not (self.first and other.first):
            return (self.first, self.last) == (other.first, other.last)
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True)
class CheckEvaluated:
    """An evaluation of a check.

    Attributes:
        subject: The check.
        passed: Whether it passed.
        severity: How bad a failure is.
        partitions: What was looked at, for people.
        error: What it found, a line.
        run_id: The run that evaluated it; empty where it was reported from outside.
        at: When, in seconds of the epoch.
    """

    subject: Subject
    passed: bool
    severity: Severity
    partitions: str
    error: str
    run_id: str
    at: float


@dataclass(frozen=True)
class RunEnded:
    """A run, or an attempt of one, has ended.

    Attributes:
        subject: The run.
        outcome: How.
        run_id: Dagster's name of it.
        at: When, in seconds of the epoch.
        retries_left: How many automatic attempts may follow.
        failed_on_checks: Whether every step that failed did so because checks failed.
        partitions: What it built, for people.
        error: Why it failed, a line.
    """

    subject: Subject
    outcome: Literal["success", "failure", "canceled"]
    run_id: str
    at: float
    retries_left: int = 0
    failed_on_checks: bool = False
    partitions: str = ""
    error: str = ""


@dataclass(frozen=True)
class FreshnessSeen:
    """How fresh an asset is.

    Attributes:
        subject: The asset.
        status: Late is a warning, stale an error.
        at: Since when, in seconds of the epoch.
        error: What was expected, a line.
    """

    subject: Subject
    status: Literal["fresh", "late", "stale"]
    at: float
    error: str = ""


Observation = CheckEvaluated | RunEnded | FreshnessSeen


@dataclass(frozen=True)
class Incident:
    """Something that is wrong now.

    Attributes:
        subject: What.
        severity: How bad; of a check as it was seen last, of all else as it was at its worst.
        since: When it began, in seconds of the epoch.
        run_id: The latest run that showed it; empty where none did.
        partitions: The latest partitions that showed it, for people.
        error: The latest error, a line.
        told: Whether there was a notice.
        told_at: When, in seconds of the epoch.
        told_partitions: The partitions that it named.
        eased: Whether what is to be told is that an error has become a warning.
    """

    subject: Subject
    severity: Severity
    since: float
    run_id: str
    partitions: str
    error: str
    told: bool = False
    told_at: float = 0.0
    told_partitions: str = ""
    eased: bool = False


@dataclass(frozen=True)
class Notice:
    """What people are told: an incident that opened, got worse or ended.

    Attributes:
        incident: The incident.
        until: When it ended; None while it lasts.
        run_id: The run to look at.
        passed_partitions: For a check that passes again, the partitions that passed.
    """

    incident: Incident
    until: float | None
    run_id: str
    passed_partitions: str = ""


@dataclass(frozen=True)
class FailedAttempts:
    """Attempts in a row that failed, and of which another was to come.

    Attributes:
        run: The latest, dated by the first.
        left: How many more may fail before it is told, whatever their tags say.
    """

    run: RunEnded
    left: int


@dataclass(frozen=True)
class Incidents:
    """All that is known between two looks.

    Attributes:
        open: What is wrong.
        unfinished: Failed checks of runs that have not ended.
        attempts: Runs that failed and will be repeated.
    """

    open: tuple[Incident, ...] = ()
    unfinished: tuple[CheckEvaluated, ...] = ()
    attempts: tuple[FailedAttempts, ...] = ()


def advance(
    incidents: Incidents, observations: Iterable[Observation], now: float, quiet: bool = False
) -> tuple[Incidents, list[Notice]]:
    """Take in what was seen, in its order.

    Args:
        incidents: What was known before.
        observations: What was seen since.
        now: Seconds of the epoch.
        quiet: Tell nothing yet: more of the past is to come. What is still open then is told later, what has
            ended is not.

    Returns:
        What is known now and what is news, the worst first.
    """
    ledger = _Ledger(incidents, quiet)
    for observation in observations:
        if isinstance(observation, CheckEvaluated):
            ledger.check(observation)
        elif isinstance(observation, RunEnded):
            ledger.run(observation)
        else:
            ledger.freshness(observation)
    ledger.stop_waiting(now)
    if not quiet:
        ledger.tell(now)
    return ledger.incidents(), sorted(ledger.notices, key=_worst_first)


def forget(incidents: Incidents, is_defined: Callable[[Subject], bool]) -> tuple[Incidents, list[Incident]]:
    """Drop incidents of checks and assets that are not defined any more, and the oldest of far too many.

    Returns:
        What is left and what was dropped.
    """
    newest = sorted(incidents.open, key=lambda incident: incident.since)[-MOST_INCIDENTS:]
    kept = {incident.subject for incident in newest if is_defined(incident.subject)}
    dropped = [incident for incident in incidents.open if incident.subject not in kept]
    if not dropped:
        return incidents, []
    left = tuple(incident for incident in incidents.open if incident.subject in kept)
    return replace(incidents, open=left), dropped


def _worst_first(notice: Notice) -> tuple[bool, bool, float]:
    return notice.until is not None, notice.incident.severity == "warn", notice.incident.since


class _Ledger:
    """The incidents while they change."""

    def __init__(self, incidents: Incidents, quiet: bool) -> None:
        self._open = {incident.subject: incident for incident in incidents.open}
        self._unfinished = {(check.run_id, check.subject): check for check in incidents.unfinished}
        self._attempts = {attempt.run.subject: attempt for attempt in incidents.attempts}
        self._quiet = quiet
        self.notices: list[Notice] = []

    def incidents(self) -> Incidents:
        return Incidents(
            tuple(self._open.values()), tuple(self._unfinished.values()), tuple(self._attempts.values())
        )

    def check(self, seen: CheckEvaluated) -> None:
        if not seen.passed:
            if not seen.run_id:
                self._fail_check(seen)
            else:
                held = self._unfinished.get((seen.run_id, seen.subject))
                self._unfinished[seen.run_id, seen.subject] = _both(held, seen) if held else seen
            return
        for run_id, subject in list(self._unfinished):
            if subject == seen.subject and run_id != seen.run_id:
                self._fail_check(self._unfinished.pop((run_id, subject)))
        incident = self._open.get(seen.subject)
        fails_in_this_run = (seen.run_id, seen.subject) in self._unfinished or (
            incident is not None and seen.run_id and incident.run_id == seen.run_id
        )
        if not fails_in_this_run:
            self._resolve(seen.subject, seen.at, seen.run_id, seen.partitions)

    def run(self, ended: RunEnded) -> None:
        for key in [key for key in self._unfinished if key[0] == ended.run_id]:
            self._fail_check(self._unfinished.pop(key))
        if ended.outcome == "failure":
            self._failed(ended)
        elif ended.outcome == "canceled":
            self._tell_attempts(ended.subject)
        else:
            for subject in filter(ended.subject.covers, list(self._attempts)):
                del self._attempts[subject]
            same_job = [subject for subject in self._open if subject.name == ended.subject.name]
            for subject in filter(ended.subject.covers, same_job):
                self._resolve(subject, ended.at, ended.run_id)

    def freshness(self, seen: FreshnessSeen) -> None:
        if seen.status == "fresh":
            self._resolve(seen.subject, seen.at, "")
        else:
            severity: Severity = "error" if seen.status == "stale" else "warn"
            self._fail(Incident(seen.subject, severity, seen.at, "", "", seen.error))

    def stop_waiting(self, now: float) -> None:
        """Open what waited too long for a run or for another attempt."""
        for key, check in list(self._unfinished.items()):
            if now - check.at > RUN_SECONDS:
                self._fail_check(self._unfinished.pop(key))
        for subject, attempts in list(self._attempts.items()):
            if now - attempts.run.at > RETRY_SECONDS:
                self._tell_attempts(subject)

    def tell(self, now: float) -> None:
        for subject, incident in self._open.items():
            if not incident.told:
                self.notices.append(Notice(incident, None, incident.run_id))
                self._open[subject] = replace(
                    incident, told=True, told_at=now, told_partitions=incident.partitions
                )

    def _failed(self, run: RunEnded) -> None:
        if run.failed_on_checks and self._fails_checks(run.run_id):
            self._attempts.pop(run.subject, None)
            return
        earlier = self._attempts.get(run.subject)
        left = (earlier.left if earlier else run.retries_left + 1) - 1
        self._attempts[run.subject] = FailedAttempts(
            replace(run, at=earlier.run.at) if earlier else run, left
        )
        if left <= 0 or run.retries_left <= 0 or run.subject in self._open:
            self._tell_attempts(run.subject)

    def _tell_attempts(self, subject: Subject) -> None:
        if attempts := self._attempts.pop(subject, None):
            run = attempts.run
            self._fail(Incident(run.subject, "error", run.at, run.run_id, run.partitions, run.error))

    def _fails_checks(self, run_id: str) -> bool:
        return any(
            incident.subject.kind == "check" and incident.severity == "error" and incident.run_id == run_id
            for incident in self._open.values()
        )

    def _fail_check(self, seen: CheckEvaluated) -> None:
        self._fail(Incident(seen.subject, seen.severity, seen.at, seen.run_id, seen.partitions, seen.error))

    def _fail(self, new: Incident) -> None:
        old = self._open.get(new.subject)
        if old is not None:
            is_check = new.subject.kind == "check"
            is_worse = old.severity == "warn" and new.severity == "error"
            is_eased = is_check and old.severity == "error" and new.severity == "warn"
            is_due = is_check and new.since > old.told_at + RENEWAL_SECONDS
            spreads = is_due and _spreads(old.told_partitions, new.partitions)
            # What nobody was told of is told as it is now.
            is_news = is_worse or spreads or (is_eased and old.told)
            new = replace(
                new,
                severity=new.severity if is_worse or is_eased else old.severity,
                since=old.since,
                told=old.told and not is_news,
                told_at=old.told_at,
                told_partitions=old.told_partitions,
                eased=(is_eased and old.told) or (old.eased and not (old.told or is_worse)),
            )
        self._open[new.subject] = new

    def _resolve(self, subject: Subject, at: float, run_id: str, partitions: str = "") -> None:
        incident = self._open.pop(subject, None)
        if incident is not None and (incident.told or not self._quiet):
            self.notices.append(Notice(incident, max(at, incident.since), run_id, partitions))


def _both(first: CheckEvaluated, second: CheckEvaluated) -> CheckEvaluated:
    """Two failures of a check in one run."""
    return replace(
        first,
        severity="error" if "error" in (first.severity, second.severity) else "warn",
        partitions=", ".join(dict.fromkeys(filter(None, (first.partitions, second.partitions)))),
    )


def _spreads(told: str, now: str) -> bool:
    """Whether partitions fail now that were not named before; both as ranges, `2026-03-01…2026-03-04, …`."""
    known = [_ends(named) for named in told.split(", ")]
    return bool(now) and not all(
        any(low <= first and last <= high for low, high in known)
        for first, last in map(_ends, now.split(", "))
    )


def _ends(partitions: str) -> tuple[str, str]:
    first, _, last = partitions.partition("…")
    return first, last or first
