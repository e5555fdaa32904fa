"""What google's libraries raise, in words that say what is wrong and what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from jobmatch_assets.warehouse.port import WarehouseError

# The client appends the query and a link to the console.
_FOOTER = re.compile(r"(; reason: .*)?\n\n?(\(job ID|Location: ).*", re.DOTALL)


@contextmanager
def explained(project: str, location: str, max_bytes_billed: int, retry_timeout: float) -> Iterator[None]:
    """Turns errors of the block into a `WarehouseError`.

    Args:
        project: Google Cloud project in use.
        location: Where its datasets are.
        max_bytes_billed: The most that a statement may cost.
        retry_timeout: Seconds for which requests were repeated.

    Raises:
        WarehouseError: The block failed for a reason that google's libraries know of.
    """
    from concurrent.futures import TimeoutError as FutureTimeoutError

    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except (GoogleAPIError, GoogleAuthError, RequestException, FutureTimeoutError) as error:
        place = f"BigQuery (JOBMATCH_BIGQUERY_PROJECT={project}, JOBMATCH_BIGQUERY_LOCATION={location})"
        raise WarehouseError(_explanation(error, place, max_bytes_billed, retry_timeout)) from error


def _explanation(  # noqa: PLR0911
    error: Exception, place: str, max_bytes_billed: int, retry_timeout: float
) -> str:
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError

    cause = error
    while isinstance(cause, exceptions.RetryError) and cause.cause:
        cause = cause.cause
    said = _FOOTER.sub("", str(getattr(cause, "message", cause))).strip().rstrip(".")
    reasons = {item.get("reason") for item in getattr(cause, "errors", None) or [] if isinstance(item, dict)}
    if isinstance(cause, GoogleAuthError):
        return (
            f"{place} cannot be used without credentials: {said}. Name a service account's key file in "
            "GOOGLE_APPLICATION_CREDENTIALS, or run `gcloud auth application-default login`."
        )
    if "bytesBilledLimitExceeded" in reasons:
        return (
            f"{place} refused a statement: {said}. JOBMATCH_BIGQUERY_MAX_BYTES_BILLED is "
            f"{max_bytes_billed}; raise it, or build fewer dates at once."
        )
    if isinstance(cause, exceptions.TooManyRequests) or reasons & {"quotaExceeded", "rateLimitExceeded"}:
        return (
            f"{place} turned a request away because a quota is used up: {said}. It was repeated for "
            f"JOBMATCH_GOOGLE_RETRY_TIMEOUT={retry_timeout:g} s where that can help. Run again "
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
        f"JOBMATCH_GOOGLE_RETRY_TIMEOUT={retry_timeout:g} s. Run again; what was loaded and built "
        "stays."
    )
