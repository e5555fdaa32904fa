"""The schedule of the weekly report."""

import datetime as dt
from typing import Any

import dagster as dg

from jobmatch_assets.orchestration.partitions import ended_weeks
from jobmatch_assets.reports.week import Week
from jobmatch_assets.settings import Settings


def build_weekly_schedule(job: Any, settings: Settings) -> dg.ScheduleDefinition:
    """Every Monday: the report of the week that has just ended; off until somebody switches it on."""

    @dg.schedule(
        name="report_last_week",
        job=job,
        cron_schedule="0 6 * * 1",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.STOPPED,
        description=(
            "Monday at 06:00 UTC: the report of the week that has just ended. Who entered on Sunday may "
            "still apply then, so it says that it is not final; make it again later in the week."
        ),
    )
    def report_last_week(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time.astimezone(dt.UTC)
        week = Week.of_date(now.date()).before
        key = week.monday.isoformat()
        if not ended_weeks(settings).has_partition_key(key):
            return dg.SkipReason(
                f"{week} has no partition: JOBMATCH_PARTITIONS_START and _END leave out its dates."
            )
        return dg.RunRequest(run_key=f"weekly-report-{week}", partition_key=key)

    return report_last_week
