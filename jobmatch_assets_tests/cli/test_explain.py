"""Why a number changed: the builds of a date, the loads that they were because of, and the files."""

import json
from collections.abc import Callable
from pathlib import Path

from jobmatch_assets_tests.bench.command import error_of, run_here
from jobmatch_assets_tests.bench.events import line
from jobmatch_assets_tests.bench.workbench import Workbench

DATE = "2026-03-01"


def test_a_date_is_explained(workbench: Callable[..., Workbench], tmp_path: Path) -> None:
    bench, home = workbench(), tmp_path / "home"
    bench.land(f"dt={DATE}/first.ndjson", [line("a", DATE), line("b", DATE)])
    bench.land("dt=2026-03-08/other.ndjson", [line("c", "2026-03-08")])
    done = run_here(bench, home, "run")
    assert done[0] == 0, done
    bench.land("dt=2026-03-09/late.ndjson", [line("d", DATE), line("e", "2026-03-09")])
    done = run_here(bench, home, "run")
    assert done[0] == 0, done
    code, out, err = run_here(bench, home, "explain", "funnel_daily", DATE, "--format", "json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["reads"] == {"first": DATE, "last": "2026-03-02"}
    first, late = f"events/dt={DATE}/first.ndjson", "events/dt=2026-03-09/late.ndjson"
    assert [(file["file"], file["lines"]) for file in told["files"]] == [(late, 1), (first, 2)]
    assert [build["files"] for build in told["builds"]] == [[late], [first]]
    assert (told["waits"], told["failing"]) == (False, [])

    assert run_here(bench, home, "withdraw", late)[0] == 0
    code, out, err = run_here(bench, home, "explain", "funnel_daily", DATE)
    assert (code, err) == (0, "")
    assert f"gold/funnel_daily of {DATE} is made of what happened on {DATE}…2026-03-02." in out
    assert f"{late}" in out
    assert "withdrawn" in out
    code, out, _ = run_here(bench, home, "explain", "stg_events", "2026-03-08")
    assert "events/dt=2026-03-08/other.ndjson" in out
    assert first not in out
    message = error_of(run_here(bench, home, "explain", "funel_daily", DATE), 1)
    assert "There is no table funel_daily. There are: " in message
    message = error_of(run_here(bench, home, "explain", "dim_job", DATE), 1)
    assert "dim_job has no dates" in message
