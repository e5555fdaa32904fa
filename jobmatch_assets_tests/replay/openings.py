"""Which jobs are the same opening, shown again."""

from collections.abc import Mapping

from jobmatch_assets_tests.replay.silver import Silver
from jobmatch_assets_tests.replay.versions import Version

_MOST_STEPS = 50


def openings(silver: Silver) -> dict[tuple[str, str], str]:
    """{(source, job_id): opening_id}"""
    jobs = {
        (source, key): walk.versions[-1]
        for (table, source, key), walk in silver.walks.items()
        if table == "job" and walk.versions
    }
    return {of: _opening(jobs, *of) for of in jobs}


def _opening(jobs: Mapping[tuple[str, str], Version], source: str, job: str) -> str:
    values = jobs[source, job].values
    if values["company_id"] is not None and values["requisition_id"] is not None:
        return f"{values['company_id']}/{values['requisition_id']}"
    path = [job]
    while len(path) <= _MOST_STEPS and (source, path[-1]) in jobs:
        origin = jobs[source, path[-1]].values["reposted_from"]
        if origin is None:
            break
        if origin in path:
            return min(path[path.index(origin) :], key=str.encode)
        path.append(origin)
    return path[-1]
