"""The Dockerfile, what it copies, and what the lock file pins."""

import re
import tomllib

import pytest
from packaging.markers import Marker, default_environment

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.end_to_end.deployment.files import DEPLOY, copied, instructions, is_in_context

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
DOCKERIGNORE = (PROJECT_DIR / ".dockerignore").read_text()
INSTRUCTIONS = instructions(DOCKERFILE)


def words_of(keyword: str) -> list[tuple[str, ...]]:
    return [instruction.words for instruction in INSTRUCTIONS if instruction.keyword == keyword]


def test_everything_that_is_copied_exists_and_is_sent() -> None:
    sources = list(copied(DOCKERFILE))
    assert "jobmatch_assets" in sources
    assert [source for source in sources if not (PROJECT_DIR / source).exists()] == []
    assert [source for source in sources if not is_in_context(source, DOCKERIGNORE)] == []


@pytest.mark.parametrize(
    "path",
    [
        "deploy/.env",
        ".git/config",
        "data/warehouse.duckdb",
        "dbt_project/target/duckdb/manifest.json",
        "jobmatch_assets/warehouse/__pycache__/port.cpython-311.pyc",
        "jobmatch_assets_tests/conftest.py",
        "key.json",
    ],
)
def test_what_does_not_belong_into_the_image_is_not_sent(path: str) -> None:
    assert not is_in_context(path, DOCKERIGNORE)


def test_a_source_that_is_excluded_would_be_found() -> None:
    assert is_in_context("jobmatch_assets/cli/main.py", DOCKERIGNORE)
    assert not is_in_context("jobmatch_assets/cli/main.py", f"{DOCKERIGNORE}\njobmatch_assets\n")


def test_base_image_is_pinned_to_the_python_of_the_project() -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["project"]
    minor = re.match(r">=(\d\.\d+),", project["requires-python"])
    assert minor
    assert {words[0] for words in words_of("FROM")} == {f"python:{minor[1]}-slim-bookworm"}


def test_image_is_not_run_by_root() -> None:
    assert words_of("USER") == [("jobmatch",)]
    [(*_, user)] = [
        words[: words.index("jobmatch") + 1] for words in words_of("RUN") if words[0] == "useradd"
    ]
    assert user == "jobmatch"
    after = INSTRUCTIONS[[instruction.keyword for instruction in INSTRUCTIONS].index("USER") :]
    assert {"COPY", "ADD"} & {instruction.keyword for instruction in after} == set()


def test_packages_are_wheels_with_hashes() -> None:
    [install] = [words for words in words_of("RUN") if "--requirement" in words]
    assert {"--require-hashes", "--only-binary", "--no-deps"} <= set(install)


def pins(name: str) -> dict[str, str]:
    """{package: version} of a lock file, each of which must have a hash; on the Linux and Python of the image."""
    text = (PROJECT_DIR / name).read_text()
    listed = re.findall(
        r"^([a-z0-9._-]+)==([^\s;]+)(?: ; (.+))? \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
    )
    assert len(listed) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
    environment = {**default_environment(), "python_version": "3.11", "python_full_version": "3.11.9"}
    found = [
        (package, version)
        for package, version, marker in listed
        if not marker or Marker(marker).evaluate(environment)
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_image_has_the_versions_that_are_tested() -> None:
    tested, deployed = pins("requirements.lock"), pins("deploy/requirements.lock")
    additional = {"dagster-postgres", "psycopg2-binary"}
    assert {
        name: version for name, version in deployed.items() if tested.get(name) != version
    }.keys() == additional
    assert "pytest" not in deployed


def test_lock_file_names_no_host() -> None:
    assert "://" not in (DEPLOY / "requirements.lock").read_text()
