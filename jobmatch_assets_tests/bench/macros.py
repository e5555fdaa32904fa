"""dbt macros by themselves: what SQL they make, without the project's models."""

from pathlib import Path

import pytest
import yaml
from dbt.cli.main import dbtRunner

from jobmatch_assets.settings import PROJECT_DIR

_DBT = PROJECT_DIR / "dbt_project"


def compiled_macros(template: str, folder: Path) -> str:
    """The SQL that a template of the project's macros makes on DuckDB.

    Args:
        template: Jinja and SQL, as in a model.
        folder: An empty folder to work in.

    Returns:
        The compiled SQL.

    Raises:
        AssertionError: It does not compile; with what dbt says of it.
    """
    said: list[str] = []
    project = {
        "name": "jobmatch",
        "profile": "jobmatch",
        "model-paths": [],
        "macro-paths": [str(_DBT / "macros")],
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JOBMATCH_DUCKDB_PATH", ":memory:")
        outcome = dbtRunner(callbacks=[lambda event: said.append(event.info.msg)]).invoke(
            [
                *(
                    "compile",
                    "--quiet",
                    "--no-print",
                    "--no-send-anonymous-usage-stats",
                    "--inline",
                    template,
                ),
                *("--project-dir", str(folder), "--profiles-dir", str(_DBT)),
                *("--target-path", str(folder), "--log-path", str(folder)),
            ]
        )
    if not outcome.success:
        raise AssertionError("the template does not compile: " + "\n".join([str(outcome.exception), *said]))
    return str(outcome.result.results[0].node.compiled_code)  # type: ignore[union-attr]
