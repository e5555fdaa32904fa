"""What the registry reads, and what it says to whoever broke it."""

from pathlib import Path

import pytest

from jobmatch_assets.metrics.experiment_registry import (
    Experiment,
    RegistryError,
    experiment_of,
    read_registry,
)

HEADER = b"experiment_id,control_variant,weights\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "experiments.csv"


def test_reads_every_column(file: Path) -> None:
    file.write_bytes(
        b"experiment_id,control_variant,weights,owner,description\n"
        b'rank,old,old=0.5;new=0.25;a=b=0.25,search team,"two rankers, and\na third"\n'
    )
    assert read_registry(file) == {
        "rank": Experiment(
            "rank",
            "old",
            {"old": 0.5, "new": 0.25, "a=b": 0.25},
            "search team",
            "two rankers, and\na third",
        )
    }


def test_empty_cells_and_unregistered_experiments_have_the_defaults(file: Path) -> None:
    file.write_bytes(HEADER + b"rank,,\n")
    registry = read_registry(file)
    assert experiment_of(registry, "rank") == Experiment("rank", "control", {})
    assert experiment_of(registry, "other") == Experiment("other", "control", {})


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + HEADER + b"rank,a,a=0.5;b=0.5\n", id="byte order mark"),
        pytest.param((HEADER + b"rank,a,a=0.5;b=0.5\n").replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(HEADER + b"rank,a,a=0.5;b=0.5", id="no final newline"),
        pytest.param(b"\n" + HEADER + b"\n  \nrank,a,a=0.5;b=0.5\n\n", id="blank lines"),
        pytest.param(HEADER + b" rank , a , a = 0.5 ; b = 0.5 ; \n", id="spaces"),
        pytest.param(b"weights,control_variant,experiment_id\na=.5;b=5e-1,a,rank", id="order"),
    ],
)
def test_tolerates_what_editors_do(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert read_registry(file) == {"rank": Experiment("rank", "a", {"a": 0.5, "b": 0.5})}


def test_weights_may_be_rounded(file: Path) -> None:
    file.write_bytes(HEADER + b"rank,a,a=0.3333333;b=0.3333333;c=0.3333333\n")
    assert len(read_registry(file)["rank"].weights) == 3


def test_a_header_alone_registers_nothing(file: Path) -> None:
    file.write_bytes(HEADER)
    assert read_registry(file) == {}


def test_what_is_read_cannot_be_changed(file: Path) -> None:
    file.write_bytes(HEADER + b"rank,a,a=1\n")
    registry = read_registry(file)
    with pytest.raises(TypeError):
        registry["other"] = Experiment("other")
    with pytest.raises(TypeError):
        registry["rank"].weights["a"] = 0.5


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "there is no header"),
        (b"\n\n", 1, "there is no header"),
        (b"experiment_id,weights\n", 1, "the column 'control_variant' is missing"),
        (b"\nexperiment_id,control_variant,weights,team\n", 2, "the column 'team' is unknown"),
        (b"experiment_id,control_variant,weights,weights\n", 1, "'weights' is there twice"),
        (HEADER + b"a,,\n\nb,,\na,,\n", 5, "experiment 'a' is registered a second time"),
        (HEADER + b"\r\n ,x,\r\n", 3, "the experiment_id is empty"),
        (HEADER + b"a,,\nb,,,x\n", 3, "the row has 4 cells where the header names 3 columns"),
        (HEADER + b"a,control=0.5;treatment=0.5\n", 2, "the row has 2 cells"),
        (HEADER + b"a,,control:0.5\n", 2, "'control:0.5', which cannot be read"),
        (HEADER + b"a,,0.5\n", 2, "'0.5', which cannot be read"),
        (HEADER + b"a,,=1\n", 2, "'=1', which cannot be read"),
        (HEADER + b"a,,control=half\n", 2, "'control=half', which cannot be read"),
        (HEADER + b"a,,control=\n", 2, "'control=', which cannot be read"),
        (HEADER + b"a,,control=nan\n", 2, "'control=nan', which cannot be read"),
        (HEADER + b"a,,control=inf\n", 2, "'control=inf', which cannot be read"),
        (HEADER + b"a,,control=1e999\n", 2, "'control=1e999', which cannot be read"),
        (HEADER + b"a,,control=1.5;b=-0.5\n", 2, "the negative weight 'b=-0.5'"),
        (HEADER + b"a,,control=0;b=0\n", 2, "the weights of experiment 'a' add up to 0"),
        (HEADER + b"a,,;\n", 2, "the weights of experiment 'a' add up to 0"),
        (HEADER + b"a,,control=1;b=1\n", 2, "the weights of experiment 'a' add up to 2"),
        (HEADER + b"a,,control=0.5;b=0.49999\n", 2, "add up to 0.99999;"),
        (HEADER + b"a,,control=0.5;control=0.5\n", 2, "two weights for the variant 'control'"),
        (HEADER + b"a,c,a=0.5;b=0.5\n", 2, "the control 'c', which is not among its weights"),
        (HEADER + b"a,,a=0.5;b=0.5\n", 2, "the control 'control', which is not among its weights"),
        (HEADER + b"a,,\n\xff,,\n", 3, "the text is not UTF-8"),
        (HEADER + b'a,,\n"b,,\nc,,\n', 3, "the line is not CSV"),
        (HEADER + b'a,,\n"b"x,,\n', 3, "the line is not CSV"),
        (HEADER + b'"a\nb",,\nc,,control=2\n', 4, "add up to 2"),
    ],
)
def test_a_mistake_is_named_with_its_line(file: Path, content: bytes, line: int, problem: str) -> None:
    file.write_bytes(content)
    with pytest.raises(RegistryError) as error:
        read_registry(file)
    message = str(error.value)
    assert message.startswith(f"Experiment registry {file}, line {line}: ")
    assert problem in message
    assert "; " in message.removeprefix(f"Experiment registry {file}")
    assert message.endswith(".")


def test_the_first_mistake_is_the_one_reported(file: Path) -> None:
    file.write_bytes(HEADER + b"a,,control=2\nb,,control=3\n")
    with pytest.raises(RegistryError, match=r"line 2: .* add up to 2; change them"):
        read_registry(file)


def test_a_missing_file(file: Path) -> None:
    with pytest.raises(RegistryError, match="does not exist; create it") as error:
        read_registry(file)
    assert str(file) in str(error.value)


def test_something_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match=r"cannot be read .*; make it a file"):
        read_registry(tmp_path)
