"""How a command tells what went wrong: in one paragraph that says what to do, and by its exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from jobmatch_assets.cli.terminal import err
from jobmatch_assets.errors import PlatformError
from jobmatch_assets.interruption import received
from jobmatch_assets.settings import SettingsError


@contextmanager
def one_paragraph_errors() -> Iterator[None]:
    """Ends the program with a message where settings, files or the warehouse are not as they should be."""
    try:
        yield
    except BrokenPipeError:
        raise  # who reads the output has seen enough: click ends without a word
    except Exception as error:
        from jobmatch_assets.dictionary.question import QuestionError
        from jobmatch_assets.pipeline.causes import cause_of, with_advice
        from jobmatch_assets.warehouse.port import SelectionError

        if received():
            raise KeyboardInterrupt from error
        if isinstance(error, PlatformError):
            tell_error(with_advice(str(error), error))
            sys.exit(2 if isinstance(error, SettingsError | SelectionError | QuestionError) else 1)
        if click.get_current_context().obj:
            raise
        cause = cause_of(error)
        if not cause.endswith("."):
            cause += (
                ". This was not foreseen; `jobmatch --traceback …` shows where it came from. What was loaded "
                "stays, and the next run goes on from there."
            )
        tell_error(cause)
        sys.exit(1)


def tell_error(message: str) -> None:
    """Print what went wrong."""
    err.print("error: ", style="bold red", end="")
    err.print(message, soft_wrap=True)
