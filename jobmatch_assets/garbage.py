"""Python's garbage collector, as a process that imports much and ends soon needs it."""

import gc

# By default it looks at what is new every 700 objects and, a dozen times in a run, at all that was imported.
_NEW_OBJECTS, _YOUNG_LOOKS, _LOOKS_AT_ALL = 50_000, 50, 100


def collect_rarely() -> None:
    """Look for garbage after so many new objects that it is worth a look at all that libraries hold."""
    gc.set_threshold(_NEW_OBJECTS, _YOUNG_LOOKS, _LOOKS_AT_ALL)


def collect_no_more() -> None:
    """What is left ends with the process: a last look at it takes half a second."""
    gc.freeze()
