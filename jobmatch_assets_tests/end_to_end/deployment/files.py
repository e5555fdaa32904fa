"""The files of deploy/ as data, and what an image built from them would hold."""

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from jobmatch_assets.settings import PROJECT_DIR

DEPLOY = PROJECT_DIR / "deploy"
OVERRIDES = ("compose.bigquery.yaml",)


def parsed(name: str) -> Any:
    """A YAML file of deploy/."""
    return yaml.safe_load((DEPLOY / name).read_text())


@dataclass(frozen=True)
class Instruction:
    """A line of a Dockerfile: its keyword and the words after it."""

    keyword: str
    words: tuple[str, ...]


def instructions(dockerfile: str) -> list[Instruction]:
    """All instructions, with continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.MULTILINE)
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [Instruction(*_split(line)) for line in lines if line.strip()]


def _split(line: str) -> tuple[str, tuple[str, ...]]:
    keyword, *words = line.split()
    return keyword.upper(), tuple(words)


def image_environment() -> dict[str, str]:
    """What ENV of the Dockerfile sets."""
    found = instructions((DEPLOY / "Dockerfile").read_text())
    words = [word for instruction in found if instruction.keyword == "ENV" for word in instruction.words]
    return dict(word.split("=", 1) for word in words)


def copied(dockerfile: str) -> Iterator[str]:
    """Everything that is copied from the context, not from another stage."""
    for instruction in instructions(dockerfile):
        options = [word for word in instruction.words if word.startswith("--")]
        if instruction.keyword == "COPY" and not any(word.startswith("--from=") for word in options):
            yield from (word.rstrip("/") for word in instruction.words[len(options) : -1])


def is_in_context(path: str, dockerignore: str) -> bool:
    """Whether a path is sent to the engine: of all patterns that match it or a folder above it the last decides."""
    inside = True
    places = [path, *map(str, PurePosixPath(path).parents)][:-1] if path != "." else [path]
    for line in dockerignore.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        brings_back = pattern.startswith("!")
        if any(_matches(place, pattern.removeprefix("!").rstrip("/")) for place in places):
            inside = brings_back
    return inside


def _matches(place: str, pattern: str) -> bool:
    if pattern.startswith("**/"):
        return fnmatch.fnmatchcase(Path(place).name, pattern[3:])
    same_depth = place.count("/") == pattern.count("/")
    return same_depth and fnmatch.fnmatchcase(place, pattern)
