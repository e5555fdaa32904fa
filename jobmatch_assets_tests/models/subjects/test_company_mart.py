"""What a company has, where its applications are dated after the last date, or its name is a word of ours."""

from collections.abc import Callable

import pytest

from jobmatch_assets_tests.bench.workbench import Workbench

DAY = "2026-03-02"


def job(job_id: str, company_id: str | None) -> dict[str, str | None]:
    return {
        **{"job_id": job_id, "title": "Engineer", "company_id": company_id, "status": "open"},
        "updated_at": "2026-03-01T00:00:00Z",
    }


def application(application_id: str, job_id: str, applied: str, status: str) -> dict[str, str]:
    return {
        **{"application_id": application_id, "job_id": job_id, "applied_at": f"{applied}T00:00:00Z"},
        **{"status": status, "updated_at": f"{DAY}T00:00:00Z"},
    }


@pytest.fixture
def bench(workbench: Callable[..., Workbench]) -> Workbench:
    made = workbench()
    (made.landing / "events").mkdir(parents=True, exist_ok=True)
    return made


def counted(bench: Workbench) -> dict[str, tuple[int, int, int]]:
    rows = bench.rows("select company_id, openings, applications, placed from job_matching_gold.company_mart")
    return {row["company_id"]: (row["openings"], row["applications"], row["placed"]) for row in rows}


def test_who_is_placed_counts_though_the_application_is_dated_later(bench: Workbench) -> None:
    bench.land_entities(f"job/dt={DAY}/a.ndjson", [job("j1", "c1")])
    applications = [
        application("a1", "j1", DAY, "submitted"),
        application("a2", "j1", "2026-03-20", "placed"),
        application("a3", "j1", "2026-03-20", "submitted"),
    ]
    bench.land_entities(f"application/dt={DAY}/a.ndjson", applications)
    bench.run()
    assert counted(bench) == {"c1": (1, 1, 1)}


def test_a_company_may_be_called_unknown_and_is_not_those_that_are(bench: Workbench) -> None:
    bench.land_entities(f"job/dt={DAY}/a.ndjson", [job("j1", "(unknown)"), job("j2", None)])
    applications = [
        application("a1", "j1", DAY, "submitted"),
        application("a2", "j1", DAY, "placed"),
        application("a3", "j2", DAY, "submitted"),
    ]
    bench.land_entities(f"application/dt={DAY}/a.ndjson", applications)
    bench.run()
    assert counted(bench) == {"(unknown)": (1, 2, 1)}
    (history,) = bench.rows("select company_id, valid_to from job_matching_gold.company_mart_history")
    assert history == {"company_id": "(unknown)", "valid_to": None}
