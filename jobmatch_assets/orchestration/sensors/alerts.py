"""The sensor that tells people of failed runs, failed checks and stale assets, and of reports that are ready.

Open-source Dagster tells nobody that a check failed in a run that is green, or that an asset is stale. Every
few seconds the sensor reads what has happened, works out what of it is news and sends that. What it remembers
lies in the instance's storage rather than in its cursor, of which Dagster keeps a copy for every tick; it is
written before messages go out and after, so that a crash in between repeats a message and loses none.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

import dagster as dg

from jobmatch_assets.alerting.delivery import deliver
from jobmatch_assets.alerting.incidents import MOST_ERROR, Notice, Observation, RunEnded, advance, forget
from jobmatch_assets.alerting.messages import message_of, message_of_reports
from jobmatch_assets.alerting.outbox import addressed
from jobmatch_assets.alerting.reports import ReadyReport, news_of
from jobmatch_assets.alerting.state import AlertState, StateError, from_text, to_text
from jobmatch_assets.alerting.wording import counted, link, partitions, reason, report_title, times, title
from jobmatch_assets.orchestration.sensors.alert_observations import Watched, events_since, freshness
from jobmatch_assets.orchestration.sensors.report_observations import reports_since
from jobmatch_assets.settings import Settings

STATE_KEY = "jobmatch/alerts"
"""Where the instance's storage holds what the sensor remembers."""

_INTERVAL_SECONDS = 15
# Dagster gives up on a tick after 60 seconds; delivery has its own limit.
_READING_SECONDS = 20.0
_MOST_LOGGED = 50
_ONE_DAY = 86_400.0


def build_alert_sensor(settings: Settings) -> dg.SensorDefinition:
    """The sensor, running from the start."""

    @dg.sensor(
        name="alerts",
        description=(
            "Tells the webhooks of JOBMATCH_ALERT_WEBHOOKS, and the log, of failed runs, failed checks, "
            "stale assets, and reports that are ready."
        ),
        minimum_interval_seconds=_INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    def alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        repository = context.repository_def
        assert repository is not None  # noqa: S101 a daemon and a test with definitions have one
        return dg.SkipReason(
            look_and_tell(context.instance, Watched.of(repository), settings, context.log, time.time)
        )

    return alerts


def look_and_tell(
    instance: dg.DagsterInstance,
    watched: Watched,
    settings: Settings,
    log: logging.Logger,
    clock: Callable[[], float],
) -> str:
    """One tick: read what has happened, tell what is news, and send what waits.

    Args:
        instance: Where runs, checks and freshness are read from, and where the memory is.
        watched: Which assets and checks count.
        settings: Webhooks and the base of links.
        log: Gets every message, too.
        clock: Seconds of the epoch.

    Returns:
        What is wrong now, in a line.
    """
    before = _remembered(instance, log)
    state, notices = _look(instance, watched, before, clock())
    state, ready = _reports(instance, before, state, clock())
    incidents, dropped = forget(state.incidents, watched.defines)
    for incident in dropped:
        log.info("No longer watched: %s", title(Notice(incident, None, "")))
    outbox, undelivered = addressed(
        state.outbox, [webhook.fingerprint for webhook in settings.alert_webhooks]
    )
    if undelivered:
        log.warning("%s waited for webhooks that are configured no more.", counted(undelivered, "message"))
    if notices:
        _write(notices, settings.ui_url, log)
        outbox = {name: queue.with_message(message_of(notices)) for name, queue in outbox.items()}
    if ready:
        _write_reports(ready, log)
        outbox = {name: queue.with_message(message_of_reports(ready)) for name, queue in outbox.items()}
    state = replace(state, incidents=incidents, outbox=outbox)
    if state != before:
        _remember(instance, state)
    sent, reports = deliver(outbox, settings.alert_webhooks, settings.ui_url, clock())
    for level, line in reports:
        log.log(level, line)
    if sent != outbox:
        _remember(instance, replace(state, outbox=sent))
    waiting = sum(len(queue.messages) for queue in sent.values())
    return f"{counted(len(incidents.open), 'open incident')}, {counted(waiting, 'unsent message')}."


def _look(
    instance: dg.DagsterInstance, watched: Watched, state: AlertState, now: float
) -> tuple[AlertState, list[Notice]]:
    """Take in what has happened since the last look."""
    seen = events_since(instance, watched, state.position, _READING_SECONDS)
    observations = [
        *(seen.observations if state.caught_up else _of_today(seen.observations, now)),
        *freshness(instance, watched, state.incidents.open),
    ]
    incidents, notices = advance(state.incidents, observations, now, quiet=not state.caught_up)
    if seen.is_all and not state.caught_up:
        incidents, notices = advance(incidents, (), now)
    caught_up = state.caught_up or seen.is_all
    return AlertState(seen.position, caught_up, incidents, state.outbox, state.reports), notices


def _reports(
    instance: dg.DagsterInstance, before: AlertState, state: AlertState, now: float
) -> tuple[AlertState, list[ReadyReport]]:
    """Take in the reports that were made since the last look; at the very first, those of the last day."""
    made, position = reports_since(instance, state.reports.position)
    reports, news = news_of(state.reports, made, position)
    if not before.caught_up:
        news = [report for report in news if report.at >= now - _ONE_DAY]
    return replace(state, reports=reports), news


def _of_today(observations: Iterable[Observation], now: float) -> list[Observation]:
    """At the very first look a run that failed days ago is history; a check that fails since then is not."""
    return [
        seen
        for seen in observations
        if not (isinstance(seen, RunEnded) and seen.outcome == "failure" and seen.at < now - _ONE_DAY)
    ]


def _write(notices: list[Notice], ui_url: str, log: logging.Logger) -> None:
    for notice in notices[:_MOST_LOGGED]:
        level = logging.ERROR if notice.incident.severity == "error" else logging.WARNING
        error = reason(notice, MOST_ERROR) if notice.until is None else ""
        parts = [title(notice), partitions(notice), error, times(notice), link(notice, ui_url)[1]]
        log.log(logging.INFO if notice.until is not None else level, " | ".join(filter(None, parts)))
    if len(notices) > _MOST_LOGGED:
        log.error("And %s more, all on %s", f"{len(notices) - _MOST_LOGGED:,}", ui_url)


def _write_reports(reports: list[ReadyReport], log: logging.Logger) -> None:
    for report in reports:
        log.info("%s | %s", report_title(report), report.path)


def _remembered(instance: dg.DagsterInstance, log: logging.Logger) -> AlertState:
    text = instance.daemon_cursor_storage.get_cursor_values({STATE_KEY}).get(STATE_KEY)
    if not text:
        return AlertState()
    try:
        return from_text(text)
    except StateError as error:
        log.warning("What was remembered of alerts cannot be read (%s); what is wrong is told anew.", error)
        return AlertState()


def _remember(instance: dg.DagsterInstance, state: AlertState) -> None:
    instance.daemon_cursor_storage.set_cursor_values({STATE_KEY: to_text(state)})
