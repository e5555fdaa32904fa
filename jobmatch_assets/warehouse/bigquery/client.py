"""Talking to BigQuery: one client, jobs that are labelled and sent once, and errors that say what to do."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from jobmatch_assets.contracts.column import TYPES, Column
from jobmatch_assets.warehouse.bigquery.account import Account
from jobmatch_assets.warehouse.bigquery.errors import explained

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

_TYPE_OF_VALUE = {
    str: "STRING",
    int: "INT64",
    float: "FLOAT64",
    dt.date: "DATE",
    dt.datetime: "TIMESTAMP",
    bool: "BOOL",
}


class BigQueryClient:
    """The jobs of the platform in one project.

    Attributes:
        project: Google Cloud project of the datasets, which also pays for the jobs.
        location: Where the datasets are.
        account: What the jobs are done for, and what they cost.
    """

    def __init__(
        self, project: str, location: str, max_bytes_billed: int, retry_timeout: float, run_id: str = ""
    ) -> None:
        self.project = project
        self.location = location
        self.account = Account(run_id)
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
        bound = (_parameter(name, value) for name, value in values.items())
        with self.explained():
            return self._run(sql, [*parameters, *bound])

    def _run(self, sql: str, parameters: "Sequence[Any]") -> "QueryJob":
        def sent() -> "QueryJob":
            # The client's own repetition of jobs cannot be limited.
            job = self.api.query(sql, job_config=self._config(parameters), retry=self.retry, job_retry=None)
            job.result(retry=self.retry, job_retry=None)
            return job

        job: QueryJob = self._job_retry(sent)()
        self.account.add(job.total_bytes_billed, job.slot_millis)
        return job

    def _config(self, parameters: "Sequence[Any]") -> "QueryJobConfig":
        """What all queries share: labels, and the most that one may cost."""
        from google.cloud.bigquery import QueryJobConfig

        config = QueryJobConfig(labels=self.account.labels(), query_parameters=list(parameters))
        if self._max_bytes_billed:
            config.maximum_bytes_billed = self._max_bytes_billed
        return config

    @property
    def _job_retry(self) -> "Retry":
        """Repeats jobs that failed for a passing reason; a failed job has changed nothing."""
        from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

        return DEFAULT_JOB_RETRY.with_timeout(self._retry_timeout)

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
            client = self._client_of_ibis(credentials)
            backend = ibis.bigquery.connect(
                client=client,
                storage_client=BigQueryReadClient(credentials=credentials),  # type: ignore[no-untyped-call]
            )
            yield backend

    def _client_of_ibis(self, credentials: "Credentials") -> "Client":
        """A client that labels, limits and counts what Ibis asks as `query` does."""
        from google.cloud.bigquery import Client

        ours = self

        class ClientOfIbis(Client):
            def query(self, query: str, *arguments: Any, **options: Any) -> Any:
                # Ibis's own default asks for large results, which come through an API of their own.
                self.default_query_job_config = ours._config([])
                return super().query(query, *arguments, **options)

            def query_and_wait(self, query: str, **options: Any) -> Any:
                self.default_query_job_config = ours._config([])
                rows = super().query_and_wait(query, **options, retry=ours.retry, job_retry=ours._job_retry)
                job = cast("QueryJob", self.get_job(str(rows.job_id), retry=ours.retry))
                ours.account.add(job.total_bytes_billed, job.slot_millis)
                return rows

        return ClientOfIbis(project=self.project, location=self.location, credentials=credentials)

    def explained(self) -> AbstractContextManager[None]:
        """Turns what the google libraries raise into a `WarehouseError` that says what to do."""
        return explained(self.project, self.location, self._max_bytes_billed, self._retry_timeout)


def records(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> "ArrayQueryParameter":
    """A parameter that holds rows with the given columns, an array of structs."""
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        ScalarQueryParameter,
        ScalarQueryParameterType,
        StructQueryParameter,
        StructQueryParameterType,
    )

    fields = [ScalarQueryParameterType(TYPES[c.type].bigquery, name=c.name) for c in columns]  # type: ignore[no-untyped-call]
    kind = StructQueryParameterType(*fields)  # type: ignore[no-untyped-call]
    structs = [
        StructQueryParameter(
            None, *(ScalarQueryParameter(c.name, TYPES[c.type].bigquery, row[c.name]) for c in columns)
        )
        for row in rows
    ]
    return ArrayQueryParameter(name, kind, structs)


def _parameter(name: str, value: Any) -> "ScalarQueryParameter | ArrayQueryParameter":
    from google.cloud.bigquery import ArrayQueryParameter, ScalarQueryParameter

    if isinstance(value, list):
        return ArrayQueryParameter(name, _TYPE_OF_VALUE[type(value[0])], value)
    return ScalarQueryParameter(name, _TYPE_OF_VALUE[type(value)], value)
