"""What bytes are read from."""

from typing import Protocol


class Readable(Protocol):
    """Anything that gives bytes, none at the end."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes."""
        ...
