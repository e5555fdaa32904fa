"""Starting programs that stop when they are asked to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes started in the block do not ignore SIGINT, even if this one does.

    A shell's background jobs ignore it, and hand that on to their children. Dagster treats SIGTERM as SIGINT, so
    nothing would stop it in good order.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
