"""dbt's manifest, kept on disk for as long as all that it follows from stays the same.

Most looks at a warehouse need no more of dbt than its manifest: what is kept saves them importing dbt and
parsing the project, which takes longer than everything else that they do.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jobmatch_assets.pipeline.steps.kept_under_key import keep, key_of_files, read_kept

_LIBRARIES = (
    *("dbt-core", "dbt-common", "dbt-adapters", "dbt-duckdb", "dbt-bigquery"),
    *("dbt-semantic-interfaces", "mashumaro", "msgpack"),
)
_PARTS_OF_A_PROJECT = ("models", "macros", "analyses", "tests", "dbt_project.yml", "profiles.yml")


def kept_manifest(folder: Path, key: str, make: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The manifest from the file in `folder` that has it; made, and kept, where there is none.

    A file that cannot be read is made again, and one that cannot be written is left out. Another manifest
    takes the file's place, so that there is one in a folder.

    Args:
        folder: Where it is kept.
        key: What `key_of` gives for the project.
        make: Gives the manifest as dbt writes it.
    """
    file = folder / "kept_manifest.json"
    found = read_kept(file, key)
    if isinstance(found, Mapping):
        return found
    made = make()
    keep(file, key, made)
    return made


def key_of(project: Path, environment: Mapping[str, str]) -> str:
    """A hash of everything that the manifest follows from, and the columns of models with it.

    Args:
        project: The folder of the dbt project.
        environment: What the project is parsed with.
    """
    given = [f"{name}={value}" for name, value in sorted(environment.items())]
    return key_of_files(project, _PARTS_OF_A_PROJECT, _LIBRARIES, [str(project), *given])
