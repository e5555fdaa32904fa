"""Ctrl-C and SIGTERM: the first ends a command in good order, the second, or one before it begins, at once.

Libraries replace signal handlers, swallow KeyboardInterrupt, or make another error of it. So a thread notes
what was received: it reads Python's wakeup descriptor, which gets every signal whatever its handler does.
"""

import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from types import FrameType

INTERRUPTED = 130
"""The exit code of an interrupted command."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)

# For the thread to take note of a signal that has just made an error of what went on.
_A_MOMENT = 0.02


class _Phase(Enum):
    STARTING = auto()
    GOING_ON = auto()
    DONE = auto()


_phase = _Phase.STARTING
_watched = threading.Event()
_received = threading.Event()
_handled = threading.Event()


def watch_signals(last_words: str) -> None:
    """Let both signals end this process, in good order while something goes on; for the main thread.

    Args:
        last_words: What is said on stderr of an end before anything went on.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    # Background jobs of a script are not meant by its Ctrl-C. Dagster gives SIGTERM the handler of SIGINT, so
    # one that ignores SIGINT has to be a handler.
    in_background = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    meant = (signal.SIGTERM,) if in_background else _SIGNALS

    def interrupt(number: int, _frame: FrameType | None) -> None:
        if number not in meant:
            return
        _handled.set()
        if _phase is _Phase.STARTING:
            os.write(2, f"{last_words}\n".encode())
            os._exit(INTERRUPTED)
        if _phase is _Phase.GOING_ON:
            raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, interrupt)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    sys.unraisablehook = _tell_others
    threading.Thread(target=_watch, args=(reader, meant), daemon=True).start()
    _watched.set()


@contextmanager
def going_on() -> Iterator[None]:
    """Within the block a signal raises KeyboardInterrupt; before it there is nothing to end in good order.

    After the block a signal is only noted: what is written to stdout still has to get there.
    """
    global _phase  # noqa: PLW0603
    try:
        _phase = _Phase.GOING_ON
        yield
    finally:
        _phase = _Phase.DONE


def received() -> bool:
    """Whether this process was asked to stop; for the end of what goes on, well or with an error."""
    return _watched.is_set() and (_handled.is_set() or _received.wait(_A_MOMENT))


def stop_where_asked() -> None:
    """Stop here where something has swallowed the interrupt.

    Raises:
        KeyboardInterrupt: This process was asked to stop.
    """
    if _handled.is_set() or _received.is_set():
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
    """Where an interrupt is lost, in a finalizer for example, `stop_where_asked` makes up for it.

    Dagster's own is no KeyboardInterrupt, but no Exception either.
    """
    if isinstance(unraisable.exc_value, Exception) or not received():
        sys.__unraisablehook__(unraisable)


def _watch(reader: int, meant: Collection[int]) -> None:
    while number := os.read(reader, 1):
        if number[0] not in meant:
            continue
        if _received.is_set():
            os.write(2, b"ended at once; the next run makes good what is unfinished\n")
            os._exit(INTERRUPTED)
        _received.set()
