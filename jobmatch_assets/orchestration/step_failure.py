"""The failure of a step that the platform itself explains: the page of the run shows the message alone."""

import re

import dagster as dg

_CLASS = re.compile(r"^[\w.]*\b(?:ExplainedError|Failure): ")


class ExplainedError(Exception):
    """What stopped a step; the message says why and what to do."""


class StepFailure(dg.DagsterUserCodeExecutionError):
    """Fails a step with a message in which a stack trace would hide what to do.

    Dagster shows the stack of whatever a step raises, but for an error of a user's code that has a cause: of
    that it shows the cause, and its stack, of which one that was never raised has none. `dg.Failure` has no
    such way.
    """

    def __init__(self, message: str) -> None:
        explained = ExplainedError(message)
        super().__init__(  # type: ignore[no-untyped-call]
            "What stopped the step, and what to do:",
            user_exception=explained,
            original_exc_info=(ExplainedError, explained, None),
        )
        self.__cause__ = explained


def explanation(failure: dg.DagsterEvent) -> str:
    """What a failed step says of itself, without a stack; empty where nobody explained it."""
    data = failure.step_failure_data
    if data.user_failure_data is not None and data.user_failure_data.description:
        return str(data.user_failure_data.description)
    cause = data.error.cause if data.error is not None else None
    if cause is None or cause.cls_name != ExplainedError.__name__:
        return ""
    return _CLASS.sub("", cause.message, count=1).strip()
