"""Starting programs that stop when they are asked to."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Processes started in the block do not ignore SIGINT or SIGTERM, even if this one does.

    A shell's background jobs ignore SIGINT, and hand that on to their children. Dagster treats SIGTERM as SIGINT,
    in this process too once it has run something, so nothing would stop them in good order.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
