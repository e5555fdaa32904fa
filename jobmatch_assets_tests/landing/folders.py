"""Landing roots in temporary folders: writing files, and asking what a listing finds."""

from pathlib import Path

from jobmatch_assets.landing.folder import FolderRoot
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.root import LandedFile


def listed(root: Path) -> list[str]:
    return sorted(file.source_file for file in files_of(root))


def files_of(root: Path) -> list[LandedFile]:
    return [file for file in FolderRoot(str(root), "events").files() if isinstance(file, LandedFile)]


def passed_over(root: Path) -> dict[str, Why]:
    return {
        entry.name: entry.why
        for entry in FolderRoot(str(root), "events").files()
        if isinstance(entry, PassedOver)
    }


def write(path: Path, content: bytes = b"{}\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def content_of(root: Path, source_file: str) -> bytes:
    (file,) = [file for file in files_of(root) if file.source_file == source_file]
    with FolderRoot(str(root), "events").open(file) as stream:
        return stream.read()
