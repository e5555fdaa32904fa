"""Load jobs that cannot load twice.

A job is named after its table and the name that its caller gives, which must stand for the contents. BigQuery
runs a job of a name only once: whoever comes again, since an answer was lost or a process died, finds the job
and takes its result. A failed job has loaded nothing, and the next attempt has the next name.
"""

import hashlib
import itertools
import logging
import time
from typing import IO, TYPE_CHECKING, cast

from jobmatch_assets.warehouse.bigquery.client import BigQueryClient
from jobmatch_assets.warehouse.port import WarehouseError

if TYPE_CHECKING:
    from google.cloud.bigquery import LoadJob

_log = logging.getLogger(__name__)
_NEW_JOBS = 3
_FIRST_PAUSE = 1.0
_PASSING = {"backendError", "internalError", "rateLimitExceeded", "jobRateLimitExceeded", "jobBackendError"}


def load_parquet(
    client: BigQueryClient, parquet: IO[bytes], table: str, name: str, labels: dict[str, str]
) -> dict[str, str]:
    """Append a Parquet file to a table, once.

    Args:
        client: The client.
        parquet: The file, open at its beginning.
        table: The table, as dataset.table; it must exist.
        name: Stands for the contents of the file: the same name, the same rows.
        labels: Labels of the job, besides those of all jobs.

    Returns:
        The labels of the job that loaded the file, which may be an earlier one.

    Raises:
        WarehouseError: The job failed for good, or BigQuery cannot be reached; nothing was loaded.
    """
    prefix = f"jobmatch-{name}-{_identity(client, table)}"
    sent = 0
    for attempt in itertools.count(1):
        job_id = f"{prefix}-{attempt}"
        job = _find(client, job_id)
        is_new = job is None
        if job is None:
            job = _send(client, parquet, table, job_id, labels)
            sent += 1
        error = _wait(client, job)
        if error is None:
            # Load jobs are free; the client has no name for the slots that they take.
            statistics = job._properties.get("statistics", {})
            client.account.add(0, int(statistics.get("totalSlotMs", 0)))
            return dict(job.labels)
        if is_new and (error["reason"] not in _PASSING or sent == _NEW_JOBS):
            raise WarehouseError(
                f"Load job {job_id} into {client.project}.{table} failed: {error['message'].rstrip('.')} "
                f"({error['reason']}). Nothing of it was loaded; the next run tries again."
            )
        if is_new:
            _log.warning("load job %s failed (%s), trying again", job_id, error["reason"])
            time.sleep(_FIRST_PAUSE * 2**sent)
    raise AssertionError("attempts never end")


def _identity(client: BigQueryClient, table: str) -> str:
    """Tells the table from one of the same name that was dropped: what that one had got is gone."""
    with client.explained():
        found = client.api.get_table(f"{client.project}.{table}", retry=client.retry)
    return hashlib.sha256(f"{found.full_table_id} {found.created}".encode()).hexdigest()[:8]


def _find(client: BigQueryClient, job_id: str) -> "LoadJob | None":
    from google.api_core.exceptions import NotFound

    with client.explained():
        try:
            return cast("LoadJob", client.api.get_job(job_id, retry=client.retry))
        except NotFound:
            return None


def _send(
    client: BigQueryClient, parquet: IO[bytes], table: str, job_id: str, labels: dict[str, str]
) -> "LoadJob":
    from google.api_core.exceptions import GoogleAPICallError
    from google.cloud.bigquery import LoadJobConfig, SourceFormat, WriteDisposition
    from requests.exceptions import RequestException

    config = LoadJobConfig(
        source_format=SourceFormat.PARQUET,
        create_disposition="CREATE_NEVER",
        write_disposition=WriteDisposition.WRITE_APPEND,
        labels=client.account.labels() | labels,
    )
    with client.explained():
        try:
            return client.api.load_table_from_file(
                parquet, f"{client.project}.{table}", rewind=True, job_id=job_id, job_config=config
            )
        except (GoogleAPICallError, RequestException):
            # Whatever went wrong, the job may have been taken, and only the answer lost.
            job = _find(client, job_id)
            if job is None:
                raise
            return job


def _wait(client: BigQueryClient, job: "LoadJob") -> "dict[str, str] | None":
    """Wait until the job is done; returns its error."""
    from google.api_core.exceptions import GoogleAPICallError

    with client.explained():
        try:
            job.result(retry=client.retry)
        except GoogleAPICallError:
            if job.error_result is None:
                raise
            return {"reason": job.error_result.get("reason", ""), "message": job.error_result["message"]}
    return None
