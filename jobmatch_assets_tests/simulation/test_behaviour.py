"""Events follow one another as a product's events do, checked on draws without files."""

import datetime as dt
import re

import numpy as np
import pytest

from jobmatch_assets.simulation.behaviour import draw_events
from jobmatch_assets.simulation.events import EVENT_NAMES
from jobmatch_assets.simulation.jobs import draw_jobs
from jobmatch_assets.simulation.lists import draw_lists
from jobmatch_assets.simulation.sessions import DAY_MS, draw_sessions
from jobmatch_assets.simulation.users import user_blocks

DAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def happened(scenario):
    """(name, session, milliseconds, fields) of every event of a day, in the order of time."""
    planted = scenario(users=800, sessions_per_user=1)
    jobs, users = draw_jobs(planted), next(user_blocks(planted))
    sessions = draw_sessions(planted, users, DAY)
    events = draw_events(planted, jobs, users, sessions, draw_lists(planted, jobs, users, sessions))
    columns = (events.name, events.session, events.at, events.about)
    return [
        (EVENT_NAMES[name], session, at, dict(re.findall(r'"(\w+)":"?([^",]+)', about)))
        for name, session, at, about in zip(*(c.tolist() for c in columns), strict=True)
    ]


def first_times(happened, names, *fields):
    """When each combination of session and fields first happened under one of the names."""
    first = {}
    for name, session, at, about in happened:
        if name in names:
            first.setdefault((session, *(about.get(f) for f in fields)), at)
    return first


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        (("session_start",), EVENT_NAMES[1:], ()),
        (("impression",), ("click",), ("search_id", "job_id", "rank_position")),
        (("click", "job_view"), ("apply_start", "apply", "bookmark"), ("job_id",)),
        (("apply_start",), ("apply",), ("job_id",)),
        (("apply",), ("application_status",), ("job_id", "application_id")),
    ],
)
def test_nothing_happens_before_its_cause(happened, before, after, fields):
    causes = first_times(happened, before, *fields)
    effects = first_times(happened, after, *fields)
    assert effects
    assert all(causes[key] < at for key, at in effects.items())


def test_a_search_comes_before_its_list_and_promises_its_length(happened):
    asked = {about["search_id"]: (at, about) for name, _, at, about in happened if name == "search"}
    shown = 0
    for name, _, at, about in happened:
        if name == "impression" and about["surface"] == "search":
            searched, search = asked[about["search_id"]]
            assert searched < at
            assert int(about["rank_position"]) <= int(search["results_count"])
            shown += 1
    assert shown


def test_clicks_and_applies_happen_within_the_hours_that_metrics_look_at(happened):
    start = first_times(happened, ("session_start",))
    for name, session, at, _ in happened:
        if name != "application_status":
            assert at - start[(session,)] < DAY_MS / 6


def test_blocks_and_days_are_drawn_independently(scenario):
    planted = scenario(users=2000)
    first, second = user_blocks(planted)
    assert not np.array_equal(first.taste, second.taste)
    assert not np.array_equal(
        draw_sessions(planted, first, DAY).start, draw_sessions(planted, second, DAY).start
    )
    tomorrow = draw_sessions(planted, first, DAY + dt.timedelta(days=1)).start - DAY_MS
    assert not np.array_equal(draw_sessions(planted, first, DAY).start, tomorrow)
