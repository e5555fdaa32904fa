"""Names for the kinds of numpy arrays that the simulation passes around."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Texts: TypeAlias = NDArray[np.object_]
"""Python strings, mostly fragments of a line of JSON that are joined by `+`."""


def texts(values: Any) -> Texts:
    """The strings as an array that can be indexed and added."""
    return np.array(list(values), dtype=object)
