"""All that the doctor looks at, in the order in which one thing stands on another."""

from collections.abc import Iterator, Mapping

from jobmatch_assets.doctor.dagster_storage import examine_dagster
from jobmatch_assets.doctor.disk import examine_disk
from jobmatch_assets.doctor.finding import Finding, well, wrong
from jobmatch_assets.doctor.landing import examine_landing
from jobmatch_assets.doctor.tables import examine_warehouse
from jobmatch_assets.pipeline.landing_checks import look
from jobmatch_assets.pipeline.platform import Platform
from jobmatch_assets.settings import Settings, SettingsError


def examine(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Look at everything; what cannot be looked at is found wrong, and the rest is looked at all the same.

    Args:
        environment: Variables to read the settings from, instead of the process's own.
    """
    try:
        settings = Settings.from_environment(environment)
    except SettingsError as error:
        yield wrong("settings", str(error), "Correct the variable; `jobmatch --help` lists all of them.")
        return
    yield well("settings", "are understood.")
    platform = Platform.of(settings)
    seen = look(platform)
    yield from examine_landing(platform, seen)
    yield from examine_warehouse(platform, seen)
    yield from examine_dagster(platform)
    yield from examine_disk(settings)
