"""The schedule that closes yesterday, for those who do not want the sensor."""

import datetime as dt

import dagster as dg

from jobmatch_assets.dates import ONE_DAY, DateRange
from jobmatch_assets.orchestration.process_job import forced_run_config


def build_nightly_schedule(job: dg.JobDefinition) -> dg.ScheduleDefinition:
    """Every night: load what has landed, build what it touches and, changed or not, yesterday."""

    @dg.schedule(
        name="close_yesterday",
        job=job,
        cron_schedule="30 2 * * *",
        execution_timezone="UTC",
        description=(
            "At 02:30 UTC: all new files, then silver, gold and A/B results of every date that they touch, "
            "and of yesterday in any case. Not needed where the sensor new_files runs."
        ),
    )
    def close_yesterday(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        yesterday = context.scheduled_execution_time.astimezone(dt.UTC).date() - ONE_DAY
        dates = DateRange(yesterday, yesterday)
        return dg.RunRequest(
            run_key=f"close-{yesterday}", run_config=forced_run_config(dates, other_files=True)
        )

    return close_yesterday
