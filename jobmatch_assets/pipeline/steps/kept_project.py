"""dbt's parsed project, kept on disk for as long as all that it follows from stays the same.

dbt keeps one itself, and reads all files of the project, its settings and its plugins to learn whether it
still holds: that takes twice as long as to read what is kept here.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from jobmatch_assets.pipeline.steps.kept_under_key import write_kept

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def kept_project(folder: Path, key: str, parse: Callable[[], "Manifest"]) -> "Manifest":
    """The project from the file in `folder` that has it; parsed, and kept, where there is none.

    A file of another key, or one that is damaged, is written anew; one that cannot be written is left out.

    Args:
        folder: Where it is kept.
        key: What `key_of` gives for the project.
        parse: Has dbt parse the project.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder

    file = folder / "kept_project.msgpack"
    with suppress(OSError):
        mark, _, content = file.read_bytes().partition(b"\n")
        if mark == _mark(key, content):
            kept: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
            return kept
    parsed = parse()
    # Only a parser asks for its files, and to read them here would take most of the time.
    parsed.files = {}
    content = parsed.to_msgpack(encoder=extended_mashumaro_encoder)
    write_kept(file, _mark(key, content) + b"\n" + content)
    return parsed


def _mark(key: str, content: bytes) -> bytes:
    """A hash of what the project follows from, and of what was written of it."""
    return hashlib.sha256(key.encode() + content).hexdigest().encode()
