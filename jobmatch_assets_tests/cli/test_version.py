"""What people type to see whether the command is there, and which."""

import subprocess
import sys
import tomllib

import pytest

from jobmatch_assets.settings import PROJECT_DIR
from jobmatch_assets_tests.bench.command import COMMAND


@pytest.mark.parametrize("command", [COMMAND, [sys.executable, "-m", "jobmatch_assets"]])
def test_version_is_that_of_the_project(command: list[str]) -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["project"]
    said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.strip().endswith(f"version {project['version']}")
