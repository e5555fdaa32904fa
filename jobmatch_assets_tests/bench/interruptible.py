"""Starting programs that stop when they are asked to, or that interrupt themselves at a certain place."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_INTERRUPTS_ITSELF = """
import runpy, sys

MODULE, FUNCTION = {module!r}, {function!r}

def interrupt_there(frame, event, argument):
    if frame.f_code.co_name == FUNCTION and frame.f_globals.get("__name__") == MODULE and event == "call":
        sys.setprofile(None)
        exec("import os, signal; os.kill(os.getpid(), signal.SIGINT)")

sys.setprofile(interrupt_there)
runpy.run_module("jobmatch_assets", run_name="__main__", alter_sys=True)
"""


def write_interrupted(folder: Path, module: str, function: str) -> str:
    """Write a module that is run as `jobmatch_assets` is, and gets SIGINT at a function's first call; its name.

    A module calls `<module>` when it is imported. The signal comes within code that was given as a string, which
    CPython treats in its own way.
    """
    (folder / "interrupted.py").write_text(_INTERRUPTS_ITSELF.format(module=module, function=function))
    return "interrupted"


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
