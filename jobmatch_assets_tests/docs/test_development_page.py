"""The commands of docs/development.md name what there is, and are understood by the programs that they call."""

import importlib.util
import re
import shlex

import click
import pytest
import yaml
from dbt.cli.main import cli as dbt

from jobmatch_assets.cli.main import main as jobmatch
from jobmatch_assets.settings import PROJECT_DIR, SETTINGS

TEXT = (PROJECT_DIR / "docs" / "development.md").read_text(encoding="utf-8")
COMMANDS = [
    *re.findall(r"^    (.+)$", TEXT, re.MULTILINE),
    *re.findall(r"`((?:make \S|(?:dbt|jobmatch) \S+ -)[^`\n]+)`", TEXT),
]


def words_of(program: str) -> list[list[str]]:
    """The words after the program's name, of each command that calls it."""
    found = []
    for command in COMMANDS:
        words = shlex.split(command)
        places = [place for place, word in enumerate(words) if word.rsplit("/", 1)[-1] == program]
        found += [words[place + 1 :] for place in places[-1:]]
    return found


def parse(group: click.Command, words: list[str]) -> None:
    """Parse a command without running it."""
    assert isinstance(group, click.Group)
    own = [word for word in words[:1] if word.startswith("-")]
    context = group.make_context(group.name, [*own, "--help"], resilient_parsing=True)
    name, command, rest = group.resolve_command(context, words[len(own) :])
    assert name
    assert command
    command.make_context(name, rest, parent=context)


def test_the_page_has_commands_of_every_program() -> None:
    assert len(words_of("pytest")) >= 5
    assert len(words_of("dbt")) >= 4
    assert len(words_of("jobmatch")) >= 3
    assert len(words_of("make")) >= 4


@pytest.mark.parametrize("words", words_of("dbt"), ids=" ".join)
def test_dbt_understands_its_commands(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT_DIR / "dbt_project")
    parse(dbt, words)


@pytest.mark.parametrize("words", words_of("jobmatch"), ids=" ".join)
def test_jobmatch_understands_its_commands(words: list[str]) -> None:
    parse(jobmatch, words)


def test_an_option_that_is_unknown_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PROJECT_DIR / "dbt_project")
    with pytest.raises(click.UsageError, match="--event-time-start"):
        parse(dbt, ["compile", "--event-time-start", "2026-03-01"])
    with pytest.raises(click.UsageError, match="--form"):
        parse(jobmatch, ["run", "--form", "2026-03-01"])


@pytest.mark.parametrize("words", words_of("pytest"), ids=" ".join)
def test_tests_that_are_named_are_there(words: list[str]) -> None:
    (named,) = [word for word in words if word.startswith("jobmatch_assets_tests")]
    path, _, test = named.partition("::")
    assert (PROJECT_DIR / path).exists()
    assert not test or f"def {test}(" in (PROJECT_DIR / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("target", [words[0] for words in words_of("make")])
def test_targets_of_make_are_there(target: str) -> None:
    assert re.search(rf"^{target}:", (PROJECT_DIR / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("module", re.findall(r"python -m (jobmatch\S+)`", TEXT))
def test_modules_that_are_run_are_there(module: str) -> None:
    assert importlib.util.find_spec(module)


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"\b(?:DBT|JOBMATCH)_[A-Z_]+", TEXT))))
def test_environment_variables_are_those_of_settings(variable: str) -> None:
    assert variable in {setting.variable for setting in SETTINGS.values()}


@pytest.mark.parametrize("given", re.findall(r"--vars '(.+?)'", TEXT))
def test_variables_that_dbt_is_given_are_read_by_macros(given: str) -> None:
    macros = "".join(
        path.read_text(encoding="utf-8") for path in (PROJECT_DIR / "dbt_project" / "macros").rglob("*.sql")
    )
    variables = yaml.safe_load(given)
    assert variables
    for name, value in variables.items():
        assert f"var('{name}'" in macros
        assert isinstance(value, str)


def test_the_page_names_variables_of_both_kinds() -> None:
    assert re.search(r"JOBMATCH_\w+", TEXT)
    assert "--vars '" in TEXT
