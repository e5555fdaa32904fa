"""The one place where the platform is put together for Dagster. Nothing is read when it is imported."""

import dagster as dg

from jobmatch_assets.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """All assets, checks, sensors and jobs with these settings; tests call it too."""
    from jobmatch_assets.orchestration.assets import build_assets
    from jobmatch_assets.orchestration.dashboards import build_dashboards
    from jobmatch_assets.orchestration.export_job import build_export_job
    from jobmatch_assets.orchestration.freshness import build_event_age_sensor
    from jobmatch_assets.orchestration.landing_checks import build_landing_checks
    from jobmatch_assets.orchestration.nightly_schedule import build_nightly_schedule
    from jobmatch_assets.orchestration.process_job import build_process_job
    from jobmatch_assets.orchestration.retain_job import (
        build_restore_job,
        build_retain_job,
        build_retain_schedule,
    )
    from jobmatch_assets.orchestration.sensors.alerts import build_alert_sensor
    from jobmatch_assets.orchestration.sensors.new_files import build_new_files_sensor
    from jobmatch_assets.orchestration.warehouse_check import build_warehouse_check
    from jobmatch_assets.orchestration.weekly_report import build_weekly_report, build_weekly_report_job
    from jobmatch_assets.orchestration.weekly_schedule import build_weekly_schedule
    from jobmatch_assets.pipeline.platform import Platform

    platform = Platform.of(settings)
    process_job = build_process_job(platform)
    report_job = build_weekly_report_job()
    retain_job = build_retain_job(platform)
    return dg.Definitions(
        assets=[*build_assets(platform), build_dashboards(platform), build_weekly_report(platform)],
        asset_checks=[build_landing_checks(platform), build_warehouse_check(platform)],
        jobs=[
            *(process_job, build_export_job(platform), report_job),
            *(retain_job, build_restore_job(platform)),
        ],
        sensors=[
            build_new_files_sensor(platform, process_job),
            build_event_age_sensor(platform),
            build_alert_sensor(settings),
        ],
        schedules=[
            build_nightly_schedule(process_job),
            build_weekly_schedule(report_job, settings),
            build_retain_schedule(retain_job),
        ],
        # A step takes less time than starting a process for it.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` loads."""
    return build_definitions(Settings.from_environment())
