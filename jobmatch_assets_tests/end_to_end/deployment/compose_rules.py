"""What must hold for the services of a compose file, however they change."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_SECRET = re.compile(r"PASSWORD|SECRET|TOKEN|WEBHOOK|PRIVATE|_KEY")
_GIVEN_BY_USER = re.compile(r"\$\{\w+:\?[^}]+\}")


def violations(compose: Mapping[str, Any], instance: Mapping[str, Any]) -> Iterator[str]:
    """Each sentence names a service and what is wrong with it.

    Args:
        compose: The compose file.
        instance: dagster.yaml of the containers.
    """
    services = compose["services"]
    for name, service in services.items():
        yield from (f"{name} {problem}" for problem in _of_service(service, compose))
        if service["image"].startswith("jobmatch"):
            given = set(service.get("environment", {}))
            yield from (
                f"{name} is not given {variable}, which dagster.yaml reads"
                for variable in sorted(variables_of(instance) - given)
            )


def _of_service(service: Mapping[str, Any], compose: Mapping[str, Any]) -> Iterator[str]:
    if not service.get("healthcheck", {}).get("test"):
        yield "has no health check"
    if service.get("restart") != "unless-stopped":
        yield "does not start again when it ends"
    if service.get("privileged"):
        yield "is privileged"
    dependencies = service.get("depends_on", {})
    for dependency in dependencies:
        if dependency not in compose["services"]:
            yield f"depends on {dependency}, which does not exist"
        elif (
            not isinstance(dependencies, dict)
            or dependencies[dependency].get("condition") != "service_healthy"
        ):
            yield f"does not wait until {dependency} is healthy"
    for port in service.get("ports", []):
        if not str(port).startswith("127.0.0.1:"):
            yield f"publishes {port} to other machines"
    for variable, value in service.get("environment", {}).items():
        if _SECRET.search(variable) and not _GIVEN_BY_USER.fullmatch(str(value)):
            yield f"has {variable} in the file"
    for volume in map(_as_text, service.get("volumes", [])):
        source = volume.split("}")[-1].split(":")[0] if volume.startswith("${") else volume.split(":")[0]
        if "docker.sock" in volume:
            yield "may start any container of the machine"
        if source and not source.startswith((".", "/")) and source not in compose.get("volumes", {}):
            yield f"has the volume {source}, which is not declared"


def _as_text(volume: Any) -> str:
    """A volume in the short form, whichever it has."""
    return volume if isinstance(volume, str) else f"{volume['source']}:{volume['target']}"


def variables_of(config: Any) -> set[str]:
    """The environment variables that a Dagster configuration refers to."""
    if isinstance(config, Mapping):
        if set(config) == {"env"}:
            return {config["env"]}
        return set().union(*map(variables_of, config.values()))
    if isinstance(config, list):
        return set().union(*map(variables_of, config))
    return set()
