"""Log lines on the terminal: our own as they were said, those of libraries only where something is wrong."""

import logging
import warnings

from rich.highlighter import NullHighlighter
from rich.logging import RichHandler

from jobmatch_assets.cli.terminal import err
from jobmatch_assets.interruption import received
from jobmatch_assets.text import printable


class _AsItWasSaid(logging.Formatter):
    """Without what Dagster puts before a message in its own log."""

    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", None) or {}
        return printable(str(meta.get("orig_message") or super().format(record)), keep="\n")


def quiet_libraries() -> None:
    """Our own messages are shown; those of Dagster are in its UI."""
    warnings.filterwarnings("ignore", module="dagster")
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    logging.basicConfig(level=logging.WARNING, handlers=[log_handler()])
    logging.getLogger("jobmatch_assets").setLevel(logging.INFO)


def log_handler() -> logging.Handler:
    """Log lines on the terminal, as text and no more."""
    handler = RichHandler(console=err, show_path=False, highlighter=NullHighlighter())
    handler.setFormatter(_AsItWasSaid())
    handler.addFilter(_tells_something)
    return handler


def _tells_something(record: logging.LogRecord) -> bool:
    """What libraries log with a stack while they are interrupted is about the interrupt."""
    is_own = record.name.startswith("jobmatch_assets")
    return is_own or not record.exc_info or not received()
