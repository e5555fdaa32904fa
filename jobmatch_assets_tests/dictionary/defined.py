"""What YAML files say of metrics, read without dbt: what dbt does not know it leaves out without a word."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml


def left_out(models: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What files below a folder define and a manifest does not hold, a line each."""
    known = {
        kind: {node["name"] for node in manifest[kind].values()} for kind in ("metrics", "semantic_models")
    }
    problems = []
    for path in sorted(models.rglob("*.yml")):
        document = yaml.safe_load(path.read_text()) or {}
        for kind, names in known.items():
            defined = [entry["name"] for entry in document.get(kind, ())]
            problems += [
                f"{path.name}: {name} is not in the manifest" for name in defined if name not in names
            ]
        problems += [f"{path.name}: {found}" for found in _of_the_next_form(document)]
    return problems


def _of_the_next_form(document: Mapping[str, Any]) -> Iterator[str]:
    """Keys within a model, which dbt 1.12 reads and 1.11 ignores."""
    for model in document.get("models", ()):
        for key in ("semantic_model", "metrics", "agg_time_dimension"):
            if key in model:
                yield f"{key} stands in the model {model['name']}, where dbt 1.11 ignores it"
