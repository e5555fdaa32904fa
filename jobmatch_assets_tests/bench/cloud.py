"""Google Cloud as tests see it: the emulators, credentials for them, a bucket, and what was sent."""

import json
import os
import subprocess
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

EMULATORS = Path(__file__).parent / "emulators"
PROJECT = "jobmatch-test"
BUCKET = "landing"

# A user's credentials with a token that has not expired, so that nobody is asked for another.
_CREDENTIALS = {
    "type": "authorized_user",
    "client_id": "test",
    "client_secret": "test",
    "refresh_token": "test",
    "token": "test",
    "expiry": "2999-01-01T00:00:00Z",
    "quota_project_id": PROJECT,
}
_REPOSITORY = Path(__file__).parents[2]
PYTHON = _REPOSITORY / ".venv-emulators" / "bin" / "python"


@dataclass(frozen=True)
class Cloud:
    """The emulators of one test session.

    Attributes:
        folder: Where they keep their data.
        bigquery: Base URL.
        storage: Base URL.
    """

    folder: Path
    bigquery: str
    storage: str

    def environment(self) -> dict[str, str]:
        """What points the google libraries at the emulators, with credentials for them."""
        return {
            "BIGQUERY_EMULATOR_HOST": self.bigquery,
            "STORAGE_EMULATOR_HOST": self.storage,
            "GOOGLE_APPLICATION_CREDENTIALS": str(self.folder / "credentials.json"),
        }

    def upload(
        self, landing: Path, bucket: str = BUCKET, prefix: str = "", without: Iterable[str] = ()
    ) -> None:
        """Copy a landing folder into a bucket, but for the files with these names."""
        left_out = set(without)
        for path in sorted(landing.rglob("*")):
            name = path.relative_to(landing).as_posix()
            if path.is_file() and name not in left_out:
                self.put(f"{prefix}{name}", path.read_bytes(), bucket)

    def put(self, name: str, content: bytes, bucket: str = BUCKET) -> None:
        """Write an object; its bucket is made where it is missing."""
        from google.cloud import storage

        client = storage.Client(project=PROJECT)
        target = client.lookup_bucket(bucket) or client.create_bucket(bucket)
        target.blob(name).upload_from_string(content)

    def client(self) -> "Client":
        """BigQuery past the platform."""
        from google.cloud.bigquery import Client

        return Client(project=PROJECT, location="US")

    def spoil(self, *faults: dict[str, Any]) -> None:
        """Let answers go wrong from now on, and only these; see `Fault` of emulators/serve.py."""
        request = urllib.request.Request(
            f"{self.bigquery}/-/faults", json.dumps(faults).encode(), method="POST"
        )
        urllib.request.urlopen(request).close()

    def requests(self) -> list[dict[str, Any]]:
        """Every POST to BigQuery, in order."""
        log = self.folder / "requests.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@contextmanager
def serving(folder: Path) -> Iterator[Cloud]:
    """The emulators, for the time of the block."""
    if not PYTHON.exists():
        raise FileNotFoundError(
            f"{PYTHON} is missing: `make test-bigquery` makes it, with the emulators in it"
        )
    (folder / "credentials.json").write_text(json.dumps(_CREDENTIALS))
    process = subprocess.Popen(
        [PYTHON, EMULATORS / "serve.py", "--folder", folder, "--project", PROJECT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "emulators.log").open("w"),
        text=True,
        # DuckDB looks for its extensions in the home folder.
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )
    assert process.stdin
    assert process.stdout
    try:
        ready = process.stdout.readline()
        if not ready:
            raise RuntimeError("the emulators did not start: " + (folder / "emulators.log").read_text())
        yield Cloud(folder=folder, **json.loads(ready))
    finally:
        process.stdin.close()
        process.wait(timeout=30)
