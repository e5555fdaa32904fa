"""What the events say of the world: who applied for which job, what became of it, which jobs were clicked."""

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from jobmatch_assets.simulation.arrays import Bools, Ints, Texts, texts
from jobmatch_assets.simulation.events import Events
from jobmatch_assets.simulation.scenario import Scenario
from jobmatch_assets.simulation.sessions import Sessions
from jobmatch_assets.simulation.users import Users

_JOB = re.compile(r'"job_id":"job_(\d+)"')
_USER_ID = ',"user_id":'


@dataclass(frozen=True)
class Applications:
    """The applications that events name; arrays run over them.

    Attributes:
        application: The application_id, as JSON.
        job: Number of the job.
        user: Number of the user.
        user_id: As JSON; null for users that never log in.
        at: When it was sent, in microseconds.
        channel: The surface, as JSON.
        search: The search_id, as JSON.
        answer: The status that another event names, or an empty text.
        answer_at: When, in microseconds.
    """

    application: Texts
    job: Ints
    user: Ints
    user_id: Texts
    at: Ints
    channel: Texts
    search: Texts
    answer: Texts
    answer_at: Ints

    def __len__(self) -> int:
        """Number of applications."""
        return len(self.job)


class Seen:
    """Collects it, block by block; grows with the number of applications and of jobs.

    Args:
        scenario: What is simulated.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.clicks = np.zeros(scenario.jobs, dtype=np.int64)
        self._rows: list[tuple[Any, ...]] = []

    def add(self, users: Users, sessions: Sessions, events: Events, landed: Bools) -> None:
        """Take what a block of users did on a day; clicks are paid for where they have landed."""
        clicked = np.nonzero(events.is_named("click") & landed & ~sessions.is_v1[events.session])[0]
        jobs = [_job_of(about) for about in events.about[clicked].tolist()]
        np.add.at(self.clicks, np.array(jobs, dtype=np.int64), 1)

        answers = {}
        told = np.nonzero(events.is_named("application_status"))[0]
        for about, at in zip(events.about[told].tolist(), events.at[told].tolist(), strict=True):
            said = json.loads("{" + about[1:] + "}")
            if said["application_status"] != "submitted":
                answers[said["application_id"]] = (said["application_status"], at * 1000)
        sent = np.nonzero(events.is_named("apply") & ~sessions.is_v1[events.session])[0]
        user = sessions.user[events.session[sent]]
        for about, at, number in zip(
            events.about[sent].tolist(), events.at[sent].tolist(), user.tolist(), strict=True
        ):
            said = json.loads("{" + about[1:] + "}")
            name = said["application_id"]
            answer, answer_at = answers.get(name, ("", 0))
            user_id = users.identity_v1[number].removeprefix(_USER_ID) or "null"
            self._rows.append(
                (
                    *(json.dumps(name), _job_of(about), users.first + number, user_id, at * 1000),
                    *(json.dumps(said.get("surface")), json.dumps(said.get("search_id"))),
                    *(answer, answer_at),
                )
            )

    def applications(self, first: int, last: int) -> Applications:
        """Those with the numbers from `first` before `last`, in the order in which they were seen."""
        rows = self._rows[first:last]

        def text(place: int) -> Texts:
            return texts(row[place] for row in rows)

        def number(place: int) -> Ints:
            return np.array([row[place] for row in rows], dtype=np.int64)

        return Applications(
            application=text(0),
            job=number(1),
            user=number(2),
            user_id=text(3),
            at=number(4),
            channel=text(5),
            search=text(6),
            answer=text(7),
            answer_at=number(8),
        )

    def __len__(self) -> int:
        """Number of applications."""
        return len(self._rows)


def _job_of(about: str) -> int:
    found = _JOB.search(about)
    assert found is not None  # noqa: S101
    return int(found[1])
