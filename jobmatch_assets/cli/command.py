"""The program `jobmatch`: it can be interrupted while it imports the rest, which takes a second."""

import sys
from typing import NoReturn

from jobmatch_assets.garbage import collect_no_more, collect_rarely
from jobmatch_assets.interruption import INTERRUPTED, received, watch_signals


def main() -> None:
    """Run the command line."""
    watch_signals(_interrupted())
    collect_rarely()
    try:
        from jobmatch_assets.cli.main import main as command

        command()
    except KeyboardInterrupt:
        _end_interrupted()
    except BaseException as end:
        # Libraries make other errors of an interrupt, or swallow it.
        if received() or (isinstance(end, SystemExit) and end.code == INTERRUPTED):
            _end_interrupted()
        raise
    finally:
        collect_no_more()


def _interrupted() -> str:
    return f"interrupted{'; the next run goes on where this one stopped' if 'run' in sys.argv else ''}"


def _end_interrupted() -> NoReturn:
    print(_interrupted(), file=sys.stderr)
    # An interrupt within exec("…"), as of dataclasses, lets `python -m` end by the signal; this forgets it.
    exec("")  # noqa: S102
    sys.exit(INTERRUPTED)
