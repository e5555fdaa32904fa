"""The experiment registry: which variant is the control, and how units should split over variants.

A small CSV file under version control, one experiment a line:

    experiment_id,control_variant,weights,owner,description
    ranker_v2,control,control=0.5;treatment=0.5,search team,"BM25 against the learned ranker"

`owner` and `description` are optional columns. An empty `control_variant` means `control`; empty
`weights` mean equal weights over the variants seen. An experiment without a line is analysed with
these same defaults. Whoever edits the file is told about the first mistake in it, and where.
"""

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from jobmatch_assets.errors import PlatformError

DEFAULT_CONTROL = "control"
REQUIRED_COLUMNS = ("experiment_id", "control_variant", "weights")
OPTIONAL_COLUMNS = ("owner", "description")
WEIGHT_SUM_TOLERANCE = 1e-6  # 0.333333 three times is meant to be 1


class RegistryError(PlatformError, ValueError):
    """The registry file cannot be used; the message says where, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """How one experiment is set up.

    Attributes:
        experiment_id: The id that events are stamped with.
        control_variant: The variant that all others are compared with.
        weights: Share of units per variant, adding up to 1; empty = equal over the variants seen.
        owner: Who answers questions about it; empty if not registered.
        description: What is tried; empty if not registered.
    """

    experiment_id: str
    control_variant: str = DEFAULT_CONTROL
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    owner: str = ""
    description: str = ""


def experiment_of(registry: Mapping[str, Experiment], experiment_id: str) -> Experiment:
    """Return the registered experiment, or one with the defaults if it is not registered."""
    return registry.get(experiment_id) or Experiment(experiment_id)


def entry_text(registry: Mapping[str, Experiment], experiment_id: str) -> str:
    """What results depend on of an experiment's entry, as text: the same text gives the same results."""
    experiment = experiment_of(registry, experiment_id)
    return json.dumps(
        {"control": experiment.control_variant, "weights": dict(experiment.weights)}, sort_keys=True
    )


def read_registry(path: Path) -> Mapping[str, Experiment]:
    """Read the registry file.

    The file is UTF-8 CSV; a byte order mark, CRLF line ends, blank lines and spaces around values
    are accepted. Line numbers in messages are those of an editor: from 1, blank lines included.

    Args:
        path: The CSV file; see the module's description for its columns.

    Returns:
        A read-only mapping of experiment_id to its experiment, in the order of the file.

    Raises:
        RegistryError: If the file is missing or anything in it is not as described; it names the
            file, the line, what is wrong and what to do.
    """
    experiments: dict[str, Experiment] = {}
    header: list[str] | None = None
    for line, cells in _rows(path, _text(path)):
        if header is None:
            header = cells
            _check_header(path, line, header)
            continue
        if len(cells) != len(header):
            _fail(
                path,
                line,
                f"the row has {len(cells)} cells where the header names {len(header)} columns",
                "give it one cell per column (commas inside a value need double quotes)",
            )
        experiment = _experiment(path, line, dict(zip(header, cells, strict=True)))
        if experiment.experiment_id in experiments:
            _fail(
                path,
                line,
                f"experiment '{experiment.experiment_id}' is registered a second time",
                "keep one of its lines",
            )
        experiments[experiment.experiment_id] = experiment
    if header is None:
        _fail(path, 1, "there is no header", f"start with the line {','.join(REQUIRED_COLUMNS)}")
    return MappingProxyType(experiments)


def _fail(path: Path, line: int | None, problem: str, remedy: str) -> NoReturn:
    place = f"{path}" if line is None else f"{path}, line {line}"
    raise RegistryError(f"Experiment registry {place}: {problem}; {remedy}.")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        remedy = f"create it, with at least the header {','.join(REQUIRED_COLUMNS)}"
        _fail(path, None, "the file does not exist", remedy)
    except OSError as error:
        remedy = "make it a file that this process may read"
        _fail(path, None, f"the file cannot be read ({error.strerror})", remedy)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        _fail(path, line, "the text is not UTF-8", "save the file as UTF-8")


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """Return (number of the row's first line, stripped cells) of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
    first_line = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if stripped not in ([], [""]):
                rows.append((first_line, stripped))
            first_line = reader.line_num + 1
    except csv.Error as error:
        remedy = "check the double quotes that start and end on this line"
        _fail(path, first_line, f"the line is not CSV ({error})", remedy)
    return rows


def _check_header(path: Path, line: int, header: list[str]) -> None:
    known = (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)
    for column in REQUIRED_COLUMNS:
        if column not in header:
            _fail(path, line, f"the column '{column}' is missing", "add it to the header")
    for column in header:
        if column not in known:
            remedy = f"use only {', '.join(known)}"
            _fail(path, line, f"the column '{column}' is unknown", remedy)
        if header.count(column) > 1:
            _fail(path, line, f"the column '{column}' is there twice", "keep one of them")


def _experiment(path: Path, line: int, row: Mapping[str, str]) -> Experiment:
    experiment_id = row["experiment_id"]
    if not experiment_id:
        _fail(path, line, "the experiment_id is empty", "name the experiment or delete the line")
    control = row["control_variant"] or DEFAULT_CONTROL
    weights = _weights(path, line, experiment_id, row["weights"])
    if weights and control not in weights:
        _fail(
            path,
            line,
            f"experiment '{experiment_id}' has the control '{control}', which is not among its "
            f"weights ({', '.join(weights)})",
            "give it a weight or name another control_variant",
        )
    return Experiment(
        experiment_id=experiment_id,
        control_variant=control,
        weights=MappingProxyType(weights),
        owner=row.get("owner", ""),
        description=row.get("description", ""),
    )


def _weights(path: Path, line: int, experiment_id: str, text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    if not text:
        return weights
    for part in filter(str.strip, text.split(";")):
        # From the right: a variant may contain '=', a number cannot.
        variant, equals, number = (piece.strip() for piece in part.rpartition("="))
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not variant or not equals or not math.isfinite(weight):
            _fail(
                path,
                line,
                f"experiment '{experiment_id}' has the weight '{part.strip()}', which cannot be "
                "read as variant=number",
                "write the weights as control=0.5;treatment=0.5",
            )
        if weight < 0:
            problem = f"experiment '{experiment_id}' has the negative weight '{part.strip()}'"
            _fail(path, line, problem, "use weights of 0 or more that add up to 1")
        if variant in weights:
            problem = f"experiment '{experiment_id}' has two weights for the variant '{variant}'"
            _fail(path, line, problem, "keep one of them")
        weights[variant] = weight
    total = math.fsum(weights.values())
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE:
        problem = f"the weights of experiment '{experiment_id}' add up to {total:.7g}"
        _fail(path, line, problem, "change them so that they add up to 1")
    return weights
