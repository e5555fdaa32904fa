"""Histories of entities: from records to versions, one changed company, a day of changes on two of them."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.timed import Taken
from benchmarks.world import START, Platform

_RECORDS_PER_JOB = 10
_JOBS_PER_COMPANY = 100


class History:
    """A platform with a history of jobs and their companies.

    Attributes:
        changes: How many records a day of changes has, a tenth of the smaller history.
        companies: How many companies there are.
        platform: What builds it.
    """

    def __init__(self, folder: Path, records: int, days: int, changes: int) -> None:
        self.changes = changes
        self._folder, self._records, self._days = folder, records, days
        self._jobs = max(records // _RECORDS_PER_JOB, _JOBS_PER_COMPANY)
        self.companies = self._jobs // _JOBS_PER_COMPANY
        self._landing = folder / "events" / "landing"
        self.platform = Platform(folder / "platform", folder / "events", days + 1)
        self._random = np.random.default_rng(1)

    def load(self) -> Taken:
        """From nothing, its files come into bronze, and no further."""
        shutil.rmtree(self._folder, ignore_errors=True)
        (self._landing / "events").mkdir(parents=True)
        (self._folder / "events" / "experiments.csv").write_text("experiment_id,control_variant,weights\n")
        for day in range(self._days):
            self._land("job", day, self._some_jobs(day, self._records // self._days))
        self._land("company", 0, (_company(number, START, "before") for number in range(self.companies)))
        last = str(_date(self._days - 1))
        only = ("--select", 'key:"bronze/entities_raw"', "--from", str(START), "--to", last)
        return self.platform.run(*only)

    def build(self) -> Taken:
        """What is in bronze becomes versions, and all tables that are made of them."""
        return self.platform.run()

    def change_company(self) -> Taken:
        """One company has another name, in a file of the last day."""
        self.land_company(0)
        return self.platform.run()

    def land_company(self, number: int) -> None:
        """Another name of a company, in a file of the last day."""
        last = self._days - 1
        self._land("company", last, [_company(number, _date(last), "after")], f"company-{number}")

    def change_day(self) -> Taken:
        """A further day, of changes of jobs."""
        self._land("job", self._days, self._some_jobs(self._days, self.changes))
        return self.platform.run()

    def _some_jobs(self, day: int, count: int) -> Iterator[str]:
        date = _date(day)
        jobs, said = self._random.integers(self._jobs, size=count), self._random.integers(100, size=count)
        for number, (job, word) in enumerate(zip(jobs.tolist(), said.tolist(), strict=True)):
            row = {
                "job_id": f"job_{job:07}",
                "company_id": f"company_{job // _JOBS_PER_COMPANY:05}",
                "title": f"Title {word // 2}",
                "category": f"category_{job % 20}",
                "country": "DE",
                "status": "open" if word % 4 else "paused",
                "salary_min": 30_000 + word * 100,
                "updated_at": f"{date}T{number % 24:02}:{number % 60:02}:{number % 59:02}Z",
            }
            yield json.dumps(row)

    def _land(self, table: str, day: int, lines: Iterator[str] | list[str], name: str = "rows") -> None:
        folder = self._landing / "entities" / table / f"dt={_date(day)}"
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f"{name}.tmp"
        with unfinished.open("w") as file:
            file.writelines(f"{line}\n" for line in lines)
        unfinished.rename(folder / f"{name}.ndjson")


def _date(day: int) -> dt.date:
    return START + dt.timedelta(days=day)


def _company(number: int, date: dt.date, name: str) -> str:
    row = {
        "company_id": f"company_{number:05}",
        "name": f"{name} {number}",
        "updated_at": f"{date}T00:00:00Z",
    }
    return json.dumps(row)


def steps(folder: Path, records: int, days: int) -> dict[str, Callable[[], Taken]]:
    """What is done with a history of so many records, after the same with one of a tenth of them."""
    found: dict[str, Callable[[], Taken]] = {}
    for name, count in (("a tenth", records // 10), ("all records", records)):
        history = History(folder / name.replace(" ", "-"), count, days, records // 100)
        found |= {
            f"{name}: loaded": history.load,
            f"{name}: built": history.build,
            f"{name}: one company": history.change_company,
            f"{name}: a day": history.change_day,
        }
    return found
