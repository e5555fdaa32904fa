"""The changelog against the version, which pyproject.toml alone names."""

import re
import tomllib

from jobmatch_assets.settings import PROJECT_DIR


def test_the_newest_version_of_the_changelog_is_that_of_the_project() -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["project"]
    versions = re.findall(r"^## \[(\d[^]]*)\]", (PROJECT_DIR / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert versions[0] == project["version"]
