"""The compose file: what must hold for every service, and that the commands in it exist."""

import copy
import shlex
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from jobmatch_assets.settings import SETTINGS, Settings
from jobmatch_assets_tests.end_to_end.deployment.compose_rules import violations
from jobmatch_assets_tests.end_to_end.deployment.files import DEPLOY, image_environment, parsed

COMPOSE = parsed("compose.yaml")
INSTANCE = parsed("dagster.yaml")
SERVICES = COMPOSE["services"]
COMMANDS = {
    f"{name}, {kind}": command
    for name, service in SERVICES.items()
    for kind, command in (("command", service.get("command")), ("health", service["healthcheck"]["test"][1:]))
    if command and command[0].startswith("dagster")
}


def test_services_keep_the_rules() -> None:
    assert list(violations(COMPOSE, INSTANCE)) == []


def _without_health_check(services: Any) -> None:
    del services["daemon"]["healthcheck"]


def _unknown_dependency(services: Any) -> None:
    services["code"]["depends_on"] = {"database": {"condition": "service_healthy"}}


def _does_not_wait(services: Any) -> None:
    services["webserver"]["depends_on"]["code"] = {"condition": "service_started"}


def _list_of_dependencies(services: Any) -> None:
    services["daemon"]["depends_on"] = ["code"]


def _open_port(services: Any) -> None:
    services["webserver"]["ports"] = ["3000:3000"]


def _all_interfaces(services: Any) -> None:
    services["postgres"]["ports"] = ["0.0.0.0:5432:5432"]


def _literal_password(services: Any) -> None:
    services["postgres"]["environment"]["POSTGRES_PASSWORD"] = "dagster"


def _default_password(services: Any) -> None:
    services["code"]["environment"]["DAGSTER_POSTGRES_PASSWORD"] = "${POSTGRES_PASSWORD:-dagster}"


def _missing_variable(services: Any) -> None:
    del services["daemon"]["environment"]["DAGSTER_POSTGRES_HOST"]


def _engine_socket(services: Any) -> None:
    services["daemon"]["volumes"] = ["/var/run/docker.sock:/var/run/docker.sock"]


def _undeclared_volume(services: Any) -> None:
    services["code"]["volumes"] = ["tables:/var/lib/jobmatch/warehouse"]


def _undeclared_volume_in_long(services: Any) -> None:
    services["pages"]["volumes"] = [{"type": "volume", "source": "html", "target": "/usr/share/nginx/html"}]


def _ends_for_good(services: Any) -> None:
    services["code"]["restart"] = "no"


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (_without_health_check, "daemon has no health check"),
        (_unknown_dependency, "code depends on database, which does not exist"),
        (_does_not_wait, "webserver does not wait until code is healthy"),
        (_list_of_dependencies, "daemon does not wait until code is healthy"),
        (_open_port, "webserver publishes 3000:3000 to other machines"),
        (_all_interfaces, "postgres publishes 0.0.0.0:5432:5432 to other machines"),
        (_literal_password, "postgres has POSTGRES_PASSWORD in the file"),
        (_default_password, "code has DAGSTER_POSTGRES_PASSWORD in the file"),
        (_missing_variable, "daemon is not given DAGSTER_POSTGRES_HOST, which dagster.yaml reads"),
        (_engine_socket, "daemon may start any container of the machine"),
        (_undeclared_volume, "code has the volume tables, which is not declared"),
        (_undeclared_volume_in_long, "pages has the volume html, which is not declared"),
        (_ends_for_good, "code does not start again when it ends"),
    ],
)
def test_rules_find_what_is_planted(plant: Callable[[Any], None], found: str) -> None:
    compose = copy.deepcopy(COMPOSE)
    for service in compose["services"].values():  # anchors share their mappings
        service["environment"] = dict(service["environment"])
    plant(compose["services"])
    assert list(violations(compose, INSTANCE)) == [found]


def _programs() -> dict[str, click.Command]:
    from dagster._cli import create_dagster_cli
    from dagster._daemon.cli import create_dagster_daemon_cli
    from dagster_webserver.cli import create_dagster_webserver_cli

    return {
        "dagster": create_dagster_cli(),
        "dagster-daemon": create_dagster_daemon_cli(),
        "dagster-webserver": create_dagster_webserver_cli(),
    }


def _exit_code(command: list[str]) -> int:
    """Of the command's help, which comes after its options were read."""
    program, *arguments = command
    return CliRunner().invoke(_programs()[program], [*arguments, "--help"]).exit_code


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_commands_have_the_options_they_are_given(command: list[str]) -> None:
    assert _exit_code(command) == 0


def test_unknown_options_are_found() -> None:
    assert len(COMMANDS) == 5
    assert _exit_code([*SERVICES["code"]["command"], "--heart-beat"]) == 2
    assert _exit_code(["dagster-daemon", "health-check"]) == 2


def test_health_checks_ask_where_the_servers_listen() -> None:
    code, webserver = SERVICES["code"], SERVICES["webserver"]
    port = code["command"][code["command"].index("--port") + 1]
    assert code["healthcheck"]["test"][-2:] == ["--port", port]
    port = webserver["command"][webserver["command"].index("--port") + 1]
    assert f"http://127.0.0.1:{port}/server_info" in webserver["healthcheck"]["test"][-1]
    assert webserver["ports"] == [f"127.0.0.1:${{UI_PORT:-3000}}:{port}"]


def test_health_check_of_the_web_server_is_python() -> None:
    *_, program, option, source = SERVICES["webserver"]["healthcheck"]["test"]
    assert (program, option) == ("python", "-c")
    compile(source, "health check", "exec")


def test_volumes_are_where_the_image_looks() -> None:
    settings = Settings.from_environment(
        {name: value for name, value in image_environment().items() if name.startswith("JOBMATCH_")}
    )
    mounted = [volume.rsplit("}", 1)[-1].split(":")[1] for volume in SERVICES["code"]["volumes"]]
    assert mounted[0] == settings.landing
    assert mounted[1] == str(settings.duckdb_path.parent) == str(settings.published_path.parent)
    assert INSTANCE["local_artifact_storage"]["config"]["base_dir"] == mounted[2]
    assert INSTANCE["compute_logs"]["config"]["base_dir"].startswith(mounted[2])
    # What runs print is written by one container and shown by another.
    assert all(
        f"dagster:{mounted[2]}" in SERVICES[name]["volumes"] for name in ("code", "daemon", "webserver")
    )


def test_the_server_of_pages_sees_the_pages_and_nothing_else() -> None:
    settings = Settings.from_environment(
        {name: value for name, value in image_environment().items() if name.startswith("JOBMATCH_")}
    )
    assert f"pages:{settings.dashboards_path}" in SERVICES["code"]["volumes"]
    (volume,) = SERVICES["pages"]["volumes"]
    assert (volume["source"], volume["read_only"], volume["volume"]["nocopy"]) == ("pages", True, True)
    assert SERVICES["pages"]["read_only"]
    assert SERVICES["pages"]["cap_drop"] == ["ALL"]
    (port,) = SERVICES["pages"]["ports"]
    assert port.endswith(f":{SERVICES['pages']['healthcheck']['test'][-1]}")


def test_example_of_settings_holds_no_secret_and_no_unknown_setting() -> None:
    lines = [
        line.removeprefix("# ").split("=", 1)
        for line in (DEPLOY / ".env.example").read_text().splitlines()
        if "=" in line and " " not in line.removeprefix("# ")
    ]
    named = dict(lines)
    known = {setting.variable for setting in SETTINGS.values()}
    assert {name for name in named if name.startswith("JOBMATCH_")} <= known
    assert named["POSTGRES_PASSWORD"] == ""
    assert named["JOBMATCH_ALERT_WEBHOOKS"] == ""
    in_compose = (DEPLOY / "compose.yaml").read_text()
    assert all(f"${{{name}" in in_compose for name in named if not name.startswith("JOBMATCH_"))


def test_key_of_google_goes_to_one_container_only() -> None:
    override = parsed("compose.bigquery.yaml")
    [(name, service)] = override["services"].items()
    assert name == "code"
    [secret] = service["secrets"]
    assert service["environment"] == {"GOOGLE_APPLICATION_CREDENTIALS": f"/run/secrets/{secret}"}
    assert override["secrets"][secret]["file"].startswith("${GOOGLE_APPLICATION_CREDENTIALS:?")


def test_commands_are_lists_without_a_shell() -> None:
    assert all(shlex.join(command) for command in COMMANDS.values())
    assert all(service["healthcheck"]["test"][0] == "CMD" for service in SERVICES.values())
