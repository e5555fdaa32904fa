"""Ctrl-C and SIGTERM: the first ends a command in good order, the second at once.

Libraries replace signal handlers, swallow KeyboardInterrupt, or make another error of it. So a thread notes
what was received: it reads Python's wakeup descriptor, which gets every signal whatever its handler does.
"""

import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code of an interrupted command."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# For the thread to take note of a signal that has just made an error of what went on.
_A_MOMENT = 0.02

_watched = threading.Event()
_received = threading.Event()


def watch_signals() -> None:
    """Let both signals raise KeyboardInterrupt, and a second one end this process; for the main thread."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Background jobs of a script are not meant by its Ctrl-C. Dagster gives SIGTERM the handler of SIGINT, so
    # one that ignores SIGINT has to be a handler.
    in_background = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    for number in _SIGNALS:
        signal.signal(number, _terminate_only if in_background else signal.default_int_handler)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    sys.unraisablehook = _tell_others
    meant = (signal.SIGTERM,) if in_background else _SIGNALS
    threading.Thread(target=_watch, args=(reader, meant), daemon=True).start()
    _watched.set()


def received() -> bool:
    """Whether this process was asked to stop; for the end of what goes on, well or with an error."""
    return _watched.is_set() and _received.wait(_A_MOMENT)


def stop_where_asked() -> None:
    """Stop here where something has swallowed the interrupt.

    Raises:
        KeyboardInterrupt: This process was asked to stop.
    """
    if _received.is_set():
        raise KeyboardInterrupt


@contextmanager
def raising_keyboard_interrupt() -> Iterator[None]:
    """Let both signals raise KeyboardInterrupt within the block, whatever handlers others have set.

    In a thread other than the main one, which gets no signals, it does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)


def _tell_others(unraisable: "sys.UnraisableHookArgs") -> None:
    """Where an interrupt is lost, in a finalizer for example, `stop_where_asked` makes up for it."""
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)


def _terminate_only(number: int, _frame: FrameType | None) -> None:
    if number == signal.SIGTERM:
        raise KeyboardInterrupt


def _watch(reader: int, meant: Collection[int]) -> None:
    while number := os.read(reader, 1):
        if number[0] not in meant:
            continue
        if _received.is_set():
            os.write(2, b"ended at once; the next run makes good what is unfinished\n")
            os._exit(INTERRUPTED)
        _received.set()
