"""Talking to BigQuery: one client, jobs that are labelled and sent once, and errors that say what to do."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jobmatch_assets.contracts.bronze import Column
from jobmatch_assets.warehouse.jobs import current_jobs
from jobmatch_assets.warehouse.port import WarehouseError

if TYPE_CHECKING:
    import ibis
    from google.api_core.retry import Retry
    from google.auth.credentials import Credentials
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        Client,
        QueryJob,
        QueryJobConfig,
        ScalarQueryParameter,
    )

TYPES = {"string": "STRING", "int64": "INT64", "date": "DATE", "timestamp": "TIMESTAMP", "bool": "BOOL"}
"""BigQuery's names of the types of the contracts."""

_TYPE_OF_VALUE = {str: "STRING", int: "INT64", dt.date: "DATE", dt.datetime: "TIMESTAMP", bool: "BOOL"}
_LONGEST_LABEL = 63
# The client appends the query and a link to the console.
_FOOTER = re.compile(r"(; reason: .*)?\n\n?(\(job ID|Location: ).*", re.DOTALL)


class BigQueryClient:
    """The jobs of the platform in one project.

    Attributes:
        project: Google Cloud project of the datasets, which also pays for the jobs.
        location: Where the datasets are.
    """

    def __init__(self, project: str, location: str, max_bytes_billed: int, retry_timeout: float) -> None:
        self.project = project
        self.location = location
        self._max_bytes_billed = max_bytes_billed
        self._retry_timeout = retry_timeout

    @cached_property
    def api(self) -> "Client":
        """The google client, with application default credentials.

        Raises:
            WarehouseError: There are no credentials.
        """
        from google.cloud.bigquery import Client

        with self.explained():
            return Client(project=self.project, location=self.location)

    @property
    def retry(self) -> "Retry":
        """Repeats what failed for a passing reason (quotas, 5xx, lost connections), with growing pauses."""
        from google.cloud.bigquery import DEFAULT_RETRY

        return DEFAULT_RETRY.with_timeout(self._retry_timeout)

    def query(self, sql: str, *parameters: "ArrayQueryParameter", **values: Any) -> "QueryJob":
        """Run one statement to its end.

        The client library names the job before it sends it: a job whose answer was lost is found by its name
        and not run again.

        Args:
            sql: The statement; `@name` stands for a parameter.
            *parameters: Parameters made by `records`.
            **values: Values of other parameters; a list, which must not be empty, becomes an array.

        Raises:
            WarehouseError: The statement failed, or BigQuery cannot be reached.
        """
        from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

        config = self._config()
        config.query_parameters = [
            *parameters,
            *(_parameter(name, value) for name, value in values.items()),
        ]
        with self.explained():
            job = self.api.query(
                sql,
                job_config=config,
                retry=self.retry,
                job_retry=DEFAULT_JOB_RETRY.with_timeout(self._retry_timeout),
            )
            job.result(retry=self.retry)
        current_jobs().add(job.total_bytes_billed, job.slot_millis)
        return job

    def rows(self, sql: str, *parameters: "ArrayQueryParameter", **values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query, as `query` runs it.

        Raises:
            WarehouseError: The query failed, or BigQuery cannot be reached.
        """
        job = self.query(sql, *parameters, **values)
        with self.explained():
            return [row.values() for row in job.result(retry=self.retry)]

    @contextmanager
    def ibis(self) -> Iterator["ibis.BaseBackend"]:
        """The tables as Ibis expressions; queries are labelled and limited like all others.

        Raises:
            WarehouseError: A query of the block failed, or BigQuery cannot be reached.
        """
        import google.auth
        import ibis
        from google.cloud.bigquery_storage_v1 import BigQueryReadClient

        with self.explained():
            credentials, _ = google.auth.default()
            client = _counting_client(self.project, self.location, credentials)
            backend = ibis.bigquery.connect(
                client=client, storage_client=BigQueryReadClient(credentials=credentials)
            )
            # Ibis asks for large results; those would come through another API, with a role of its own.
            client.default_query_job_config = self._config()
            yield backend

    def _config(self) -> "QueryJobConfig":
        """What all queries share: labels and the most that one may cost."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(labels=self.labels())
        if self._max_bytes_billed:
            config.maximum_bytes_billed = self._max_bytes_billed
        return config

    def labels(self) -> dict[str, str]:
        """The labels of the jobs that are sent now."""
        return {"application": "jobmatch"} | {
            name: _label(value) for name, value in current_jobs().labels.items()
        }

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns what the google libraries raise into a `WarehouseError` that says what to do."""
        from concurrent.futures import TimeoutError as FutureTimeoutError

        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError
        from requests.exceptions import RequestException

        try:
            yield
        except (GoogleAPIError, GoogleAuthError, RequestException, FutureTimeoutError) as error:
            raise WarehouseError(self._explanation(error)) from error

    def _explanation(self, error: Exception) -> str:  # noqa: PLR0911
        from google.api_core import exceptions
        from google.auth.exceptions import GoogleAuthError

        place = (
            f"BigQuery (JOBMATCH_BIGQUERY_PROJECT={self.project}, JOBMATCH_BIGQUERY_LOCATION={self.location})"
        )
        cause = error.cause if isinstance(error, exceptions.RetryError) and error.cause else error
        said = _FOOTER.sub("", str(getattr(cause, "message", cause))).strip().rstrip(".")
        reasons = {
            item.get("reason") for item in getattr(cause, "errors", None) or [] if isinstance(item, dict)
        }
        if isinstance(cause, GoogleAuthError):
            return (
                f"{place} cannot be used without credentials: {said}. Name a service account's key file in "
                "GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`."
            )
        if "bytesBilledLimitExceeded" in reasons:
            return (
                f"{place} refused a statement: {said}. JOBMATCH_BIGQUERY_MAX_BYTES_BILLED is "
                f"{self._max_bytes_billed}; raise it, or build fewer dates at once."
            )
        if isinstance(cause, exceptions.TooManyRequests) or reasons & {"quotaExceeded", "rateLimitExceeded"}:
            return (
                f"{place} turned a request away because a quota is used up: {said}. It was repeated for "
                f"JOBMATCH_GOOGLE_RETRY_TIMEOUT={self._retry_timeout:g} s where that can help. Run again "
                "later; what was loaded and built stays."
            )
        if isinstance(cause, exceptions.Forbidden):
            return (
                f"{place} refused access: {said}. Check the project's name, and give the credentials the "
                "roles that docs/bigquery.md lists."
            )
        if isinstance(cause, exceptions.NotFound):
            return (
                f"{place} does not have what was asked for: {said}. Check the names of project and location; "
                "datasets are never moved between locations."
            )
        if isinstance(cause, exceptions.GoogleAPICallError) and not isinstance(cause, exceptions.ServerError):
            return f"{place} refused a job: {said}."
        return (
            f"{place} cannot be reached: {said}. Requests were repeated for "
            f"JOBMATCH_GOOGLE_RETRY_TIMEOUT={self._retry_timeout:g} s. Run again; what was loaded and built "
            "stays."
        )


def _counting_client(project: str, location: str, credentials: "Credentials") -> "Client":
    """A client that counts the queries which Ibis sends through it."""
    from google.cloud.bigquery import Client

    class CountingClient(Client):  # type: ignore[misc]
        def query_and_wait(self, *arguments: Any, **options: Any) -> Any:
            rows = super().query_and_wait(*arguments, **options)
            current_jobs().add(rows.total_bytes_processed, rows.slot_millis)
            return rows

    return CountingClient(project=project, location=location, credentials=credentials)


def records(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> "ArrayQueryParameter":
    """A parameter that holds rows with the given columns, an array of structs."""
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        ScalarQueryParameter,
        ScalarQueryParameterType,
        StructQueryParameter,
        StructQueryParameterType,
    )

    kind = StructQueryParameterType(
        *(ScalarQueryParameterType(TYPES[column.type], name=column.name) for column in columns)
    )
    structs = [
        StructQueryParameter(
            None, *(ScalarQueryParameter(c.name, TYPES[c.type], row[c.name]) for c in columns)
        )
        for row in rows
    ]
    return ArrayQueryParameter(name, kind, structs)


def _parameter(name: str, value: Any) -> "ScalarQueryParameter | ArrayQueryParameter":
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if isinstance(value, list):
        return ArrayQueryParameter(name, _TYPE_OF_VALUE[type(value[0])], value)
    return ScalarQueryParameter(name, _TYPE_OF_VALUE[type(value)], value)


def _label(value: str) -> str:
    """The value with the characters and the length that a label may have."""
    return re.sub(r"[^a-z0-9_-]", "_", value.lower())[:_LONGEST_LABEL]
