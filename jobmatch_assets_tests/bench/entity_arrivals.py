"""Files of the golden set of entities as they arrive: some of them, in stages, their lines in other files."""

import gzip
import random
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from jobmatch_assets.pipeline.stages import STAGES
from jobmatch_assets_tests.bench.golden_entities import LANDING
from jobmatch_assets_tests.bench.workbench import Workbench

Files = Mapping[str, bytes]
"""{path below the landing root: content}"""

_DAY = re.compile(r"dt=(\d{4})-(\d\d)-(\d\d)|(?:^|/)(\d\d)(\d\d)(\d{4})_")
_BULK = re.compile(r"source=fuzz/|cdc\.ndjson\.gz$|world\.ndjson\.gz$")
# Of these, names say neither a time nor that the file is a dump: their lines may lie in any file of the folder.
_PLAIN = re.compile(r"(?!.*\d{8}T\d{6}Z)[^._][^.]*\.ndjson(\.gz)?")
_FREE = re.compile(r"/dt=\d{4}-\d\d-\d\d/[^/]*$")
_MARK = b"\xef\xbb\xbf"


def all_files(landing: Path = LANDING) -> Files:
    """All files of a landing folder."""
    return {
        path.relative_to(landing).as_posix(): path.read_bytes()
        for path in sorted(landing.rglob("*"))
        if path.is_file()
    }


def written_by_hand(files: Files) -> Files:
    """Those that try something, without the random histories and the change log of the small company."""
    return {name: content for name, content in files.items() if not _BULK.search(name)}


def contents_after(bench: Workbench, stages: Sequence[Files]) -> dict[str, str]:
    """What the tables hold when files have come in stages; of equal records any may be the one that is kept."""
    for files in stages:
        for name, content in files.items():
            path = bench.landing / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        report = bench.try_run()
        assert report.succeeded, report.problems
    assert bench.waiting(*(stage.name for stage in STAGES)) == []
    return bench.contents(provenance=False)


def day_of(name: str) -> str:
    """The day that a file was written for, as YYYY-MM-DD; empty where its name has none."""
    found = _DAY.search(name)
    if not found:
        return ""
    parts = found.groups()[:3] if found[1] else reversed(found.groups()[3:])
    return "-".join(parts)


def by_day(files: Files) -> list[Files]:
    """The files of each day, from the first to the last; those without a day come first."""
    days = sorted({day_of(name) for name in files})
    return [{name: files[name] for name in files if day_of(name) == day} for day in days]


def together(parts: Iterable[Files]) -> Files:
    """Several stages as one."""
    return {name: content for part in parts for name, content in part.items()}


def in_stages(parts: Sequence[Files], stages: int) -> list[Files]:
    """The same in fewer stages, in the same order."""
    bounds = [len(parts) * stage // stages for stage in range(stages + 1)]
    return [together(parts[first:last]) for first, last in pairwise(bounds)]


def shuffled(files: Files, stages: int, seed: int) -> list[Files]:
    """The files in as many stages, at random."""
    names = sorted(files)
    random.Random(seed).shuffle(names)
    return [{name: files[name] for name in names[stage::stages]} for stage in range(stages)]


def in_other_files(files: Files, seed: int) -> Files:
    """The same lines of NDJSON in other files of their folders, in another order; all other files as they are."""
    rng = random.Random(seed)
    kept: dict[str, bytes] = {}
    folders: dict[str, dict[bytes, list[bytes]]] = {}
    for name, content in sorted(files.items()):
        folder, _, file = name.rpartition("/")
        lines = _lines(file, content) if _FREE.search(name) and _PLAIN.fullmatch(file) else None
        if lines is None:
            kept[name] = content
        else:
            # Of files with the same bytes one is loaded.
            folders.setdefault(folder, {})[content] = lines
    for folder, found in folders.items():
        lines = [line for part in found.values() for line in part]
        rng.shuffle(lines)
        count = rng.randint(1, 3)
        # Equal lines stay together: files of nothing else would have the same bytes.
        places = {line: rng.randrange(count) for line in lines}
        for number in range(count):
            content = b"".join(line + b"\n" for line in lines if places[line] == number)
            packed = rng.random() < 0.5
            name = f"{folder}/lines-{number}.ndjson{'.gz' if packed else ''}"
            kept[name] = gzip.compress(content) if packed else content
    return kept


def _lines(file: str, content: bytes) -> list[bytes] | None:
    """The lines of a file; None where it cannot be unpacked, or has a byte order mark."""
    if file.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            return None
    return None if content.startswith(_MARK) else content.removesuffix(b"\n").split(b"\n")
