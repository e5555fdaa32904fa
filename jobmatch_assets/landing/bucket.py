"""A landing root that is a prefix of a Cloud Storage bucket."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING

from jobmatch_assets.landing.layout import FileLayout
from jobmatch_assets.landing.line_layout import LINE_LAYOUT
from jobmatch_assets.landing.names import MOST_FOLDERS, is_finished
from jobmatch_assets.landing.passed_over import PassedOver, Why
from jobmatch_assets.landing.root import LandedFile, LandingError, UnreadableFileError

if TYPE_CHECKING:
    from google.api_core.retry import Retry
    from google.cloud.storage import Bucket
    from google.cloud.storage.fileio import BlobReader

_CHUNK = 8 * 1024 * 1024
_REQUEST_SECONDS = 60.0


class BucketRoot:
    """Objects below the folder of a feed, e.g. `gs://bucket/prefix/events/`.

    Attributes:
        url: gs://bucket/prefix.
        folder: The folder of the feed.
        layout: How its files are named and read.
    """

    def __init__(
        self,
        url: str,
        feed: str,
        is_required: bool,
        retry_timeout: float,
        layout: FileLayout = LINE_LAYOUT,
    ) -> None:
        self.url = url
        self.folder = f"{url.rstrip('/')}/{feed}"
        self._feed = feed
        self._is_required = is_required
        self.layout = layout
        self._bucket_name, _, prefix = url.removeprefix("gs://").partition("/")
        self._prefix = f"{prefix}/{feed}/" if prefix else f"{feed}/"
        self._retry_timeout = retry_timeout

    def files(self) -> Iterator[LandedFile | PassedOver]:
        """All objects of a finished name below the folder.

        An object that is written again has a new generation, by which it is told from the one before.
        """
        is_empty = True
        with self._explained():
            blobs = self._bucket.list_blobs(
                prefix=self._prefix,
                fields="items(name,size,generation),nextPageToken",
                retry=self._retry,
                timeout=min(_REQUEST_SECONDS, self._retry_timeout),
            )
            for blob in blobs:
                is_empty = False
                source_file = blob.name.removeprefix(self._prefix)
                # What the console and other tools make to show a folder.
                is_folder = not source_file or (source_file.endswith("/") and not blob.size)
                if not is_folder and all(map(is_finished, source_file.split("/"))):
                    layout = self.layout.of(source_file)
                    yield _found(LandedFile(source_file, blob.size, str(blob.generation), layout=layout))
        if is_empty and self._is_required:
            raise LandingError(
                f"There is nothing below {self.folder}/. Set JOBMATCH_LANDING to the place in the bucket "
                f"that holds {self._feed}/, with objects in it as {self.layout.looked_for}."
            )

    def open(self, file: LandedFile) -> IO[bytes]:
        """The object's bytes as they are stored, of the generation that was listed."""
        from google.cloud.storage.fileio import BlobReader

        blob = self._bucket.blob(f"{self._prefix}{file.source_file}", generation=int(file.fingerprint))
        reader = BlobReader(blob, chunk_size=_CHUNK, retry=self._retry, raw_download=True)
        return io.BufferedReader(_ObjectStream(reader, f"{self.folder}/{file.source_file}"), _CHUNK)

    @cached_property
    def _bucket(self) -> "Bucket":
        from google.cloud.storage import Client

        return Client(project="").bucket(self._bucket_name)

    @property
    def _retry(self) -> "Retry":
        from google.cloud.storage.retry import DEFAULT_RETRY

        retry: Retry = DEFAULT_RETRY.with_timeout(self._retry_timeout)
        return retry

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from google.api_core.exceptions import Forbidden, GoogleAPIError, NotFound
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        try:
            yield
        except GoogleAuthError as error:
            raise LandingError(
                f"JOBMATCH_LANDING={self.url} cannot be read without credentials: {error}. Name a "
                "service account's key file in GOOGLE_APPLICATION_CREDENTIALS, or run "
                "`gcloud auth application-default login`."
            ) from error
        except NotFound as error:
            raise LandingError(
                f"There is no bucket {self._bucket_name}. Make it, or set JOBMATCH_LANDING={self.url} to one "
                "that is there."
            ) from error
        except Forbidden as error:
            raise LandingError(
                f"{self.url} may not be listed: {error.message}. Give the credentials the role "
                "roles/storage.objectViewer on the bucket, and run again."
            ) from error
        except (GoogleAPIError, RequestException) as error:
            raise LandingError(
                f"{self.url} cannot be listed: {error}. Requests were repeated for "
                f"{self._retry_timeout:g} s (runs: JOBMATCH_GOOGLE_RETRY_TIMEOUT). Run again."
            ) from error


def _found(file: LandedFile) -> LandedFile | PassedOver:
    if file.source_file.count("/") > MOST_FOLDERS:
        return PassedOver(file.source_file, Why.TOO_DEEP)
    why = file.layout.why_not(file.source_file)
    return PassedOver(file.source_file, why) if why else file


class _ObjectStream(io.RawIOBase):
    """An object as a stream whose errors are those that a file has."""

    def __init__(self, reader: "BlobReader", place: str) -> None:
        self._reader = reader
        self._place = place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        from google.api_core.exceptions import GoogleAPIError, NotFound
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        try:
            data = self._reader.read(len(buffer))
        except NotFound:
            raise UnreadableFileError(
                f"{self._place} was listed and is gone now, or was written again. Nothing of it was loaded; "
                "the next run takes what is there then."
            ) from None
        except (GoogleAPIError, GoogleAuthError, RequestException) as error:
            raise OSError(str(error)) from error
        buffer[: len(data)] = data
        return len(data)
