"""The one place where the platform is put together for Dagster. Nothing is read when it is imported."""

import dagster as dg

from jobmatch_assets.settings import Settings


def build_definitions(settings: Settings) -> dg.Definitions:
    """All assets, checks, sensors and jobs with these settings; tests call it too."""
    from jobmatch_assets.orchestration.ab_results_asset import build_ab_results_asset
    from jobmatch_assets.orchestration.alert_sensor import build_alert_sensor
    from jobmatch_assets.orchestration.bronze_assets import build_bronze_assets
    from jobmatch_assets.orchestration.dbt_assets import build_dbt_assets
    from jobmatch_assets.orchestration.platform import Platform

    platform = Platform.of(settings)
    return dg.Definitions(
        assets=[
            *build_bronze_assets(platform),
            *build_dbt_assets(platform),
            build_ab_results_asset(platform),
        ],
        sensors=[build_alert_sensor(settings)],
        # A step takes less time than starting a process for it.
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` loads."""
    return build_definitions(Settings.from_environment())
