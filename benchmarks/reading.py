"""How long what the pages ask of the published copy takes, query by query.

Each page is asked as it is when it is made: all of its tables, whatever it shows of them at first.
"""

import statistics
import time
from pathlib import Path

from jobmatch_assets.dashboards.reading import columns_there, read
from jobmatch_assets.dashboards.registry import registered
from jobmatch_assets.published.copy import opened


def milliseconds_of_queries(copy: Path, rounds: int) -> list[float]:
    """Of each query of each page the median of several rounds, the shortest first.

    Raises:
        CopyError: There is no copy, or it cannot be read.
    """
    found: dict[tuple[str, str], list[float]] = {}
    with opened(copy) as connection:
        there = columns_there(connection)
        for _ in range(rounds):
            for page in registered():
                for table in page.tables:
                    begin = time.perf_counter()
                    read(connection, table, there)
                    taken = time.perf_counter() - begin
                    found.setdefault((page.name, table.called), []).append(taken * 1000)
    return sorted(statistics.median(taken) for taken in found.values())
