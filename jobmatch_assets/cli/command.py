"""The program `jobmatch`: it can be interrupted while it imports the rest, which takes a second."""

import sys
from typing import NoReturn

from jobmatch_assets.interruption import INTERRUPTED, received, watch_signals


def main() -> None:
    """Run the command line."""
    watch_signals()
    try:
        from jobmatch_assets.cli.main import main as command

        command()
    except KeyboardInterrupt:
        _end_interrupted()
    except SystemExit as end:
        # A command that was interrupted says so by its code, whether or not the thread has noted it by now.
        if end.code == INTERRUPTED or received():
            _end_interrupted()
        raise


def _end_interrupted() -> NoReturn:
    rest = "; the next run goes on where this one stopped" if "run" in sys.argv else ""
    print(f"interrupted{rest}", file=sys.stderr)
    sys.exit(INTERRUPTED)
