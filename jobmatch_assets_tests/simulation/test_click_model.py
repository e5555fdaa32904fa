"""The planted numbers are the numbers of the model, measured on draws without files."""

import datetime as dt
import math
from collections import Counter

import numpy as np
import pytest

from jobmatch_assets.simulation import Experiment, Variant, demo_experiments
from jobmatch_assets.simulation.behaviour import draw_events, examination
from jobmatch_assets.simulation.jobs import draw_jobs
from jobmatch_assets.simulation.lists import draw_lists
from jobmatch_assets.simulation.sessions import draw_sessions
from jobmatch_assets.simulation.users import user_blocks

DAY = dt.date(2026, 3, 1)


def users_by_variant(scenario, experiment=0):
    """Impressions, clicks and applies of each user, by the variant of one experiment."""
    jobs, arms = draw_jobs(scenario), {}
    for users in user_blocks(scenario):
        sessions = draw_sessions(scenario, users, DAY)
        lists = draw_lists(scenario, jobs, users, sessions)
        events = draw_events(scenario, jobs, users, sessions, lists)
        user = sessions.user[events.session]
        counts = np.stack(
            [
                np.bincount(user[events.is_named(name)], minlength=len(users))
                for name in ("impression", "click", "apply")
            ]
        )
        for variant in np.unique(users.assigned[experiment]).tolist():
            chosen = counts[:, users.assigned[experiment] == variant]
            arms.setdefault(variant, []).append(chosen)
    return {variant: np.concatenate(blocks, axis=1) for variant, blocks in arms.items()}


def ratio_and_error(numerator, denominator):
    """A ratio of sums over users, and its standard error relative to it."""
    ratio = numerator.sum() / denominator.sum()
    residual = numerator - ratio * denominator
    return ratio, residual.std() * math.sqrt(len(residual)) / numerator.sum()


@pytest.mark.parametrize(("click_lift", "apply_lift"), [(0.5, 0.0), (-0.4, 0.0), (0.0, 0.5), (0.0, 0.0)])
def test_arms_differ_by_the_planted_lift(scenario, click_lift, apply_lift):
    variants = (
        Variant("control", 0.5, 0.5),
        Variant("treatment", 0.5, 0.5, click_lift, apply_lift),
    )
    planted = scenario(users=20_000, sessions_per_user=1, experiments=(Experiment("planted", variants),))
    arms = users_by_variant(planted)
    impression, click, apply = range(3)
    for numerator, denominator, lift in (
        (click, impression, click_lift),
        (apply, click, apply_lift),
    ):
        if numerator == apply and click_lift:
            continue  # applies without a click do not grow with clicks
        control, control_error = ratio_and_error(arms[0][numerator], arms[0][denominator])
        treatment, treatment_error = ratio_and_error(arms[1][numerator], arms[1][denominator])
        error = math.hypot(control_error, treatment_error)
        assert abs(math.log(treatment / control) - math.log(1 + lift)) < 4 * error
        assert error < 0.05


def test_shuffled_lists_are_clicked_in_proportion_to_examination(scenario):
    planted = scenario(users=10_000, sessions_per_user=1, exploration_rate=1, experiments=())
    jobs, shown, clicked = draw_jobs(planted), Counter(), Counter()
    for users in user_blocks(planted):
        sessions = draw_sessions(planted, users, DAY)
        lists = draw_lists(planted, jobs, users, sessions)
        events = draw_events(planted, jobs, users, sessions, lists)
        shown.update(lists.shown_rank.tolist())
        about = events.about[events.is_named("click")].tolist()
        clicked.update(int(text.split('"rank_position":')[1].split(",")[0]) for text in about)
    curve = examination(planted)
    for rank in range(1, 11):
        expected = planted.click_rate * curve[rank - 1] * shown[rank]
        assert abs(clicked[rank] - expected) < 5 * math.sqrt(expected)


def test_the_ranker_puts_appealing_jobs_first(scenario):
    planted = scenario(users=1000, exploration_rate=0)
    jobs = draw_jobs(planted)
    users = next(user_blocks(planted))
    lists = draw_lists(planted, jobs, users, draw_sessions(planted, users, DAY))
    appeal = [jobs.appeal[lists.shown_job[lists.shown_rank == rank]].mean() for rank in (1, 5, 10)]
    assert appeal == sorted(appeal, reverse=True)
    assert abs(jobs.appeal.mean() - 1) < 0.05


def test_a_mismatch_of_the_sample_is_planted_in_the_assignment_only(scenario):
    variants = (Variant("control", 0.5, 0.6), Variant("treatment", 0.5, 0.4))
    planted = scenario(users=20_000, experiments=(Experiment("uneven", variants),))
    assigned = np.concatenate([users.assigned[0] for users in user_blocks(planted)])
    assert abs((assigned == 0).mean() - 0.6) < 4 * math.sqrt(0.24 / len(assigned))


def test_experiments_are_assigned_independently(scenario):
    planted = scenario(users=20_000, experiments=demo_experiments())
    assigned = np.concatenate([users.assigned for users in user_blocks(planted)], axis=1)
    correlation = np.corrcoef(assigned)[~np.eye(3, dtype=bool)]
    assert np.abs(correlation).max() < 4 / math.sqrt(assigned.shape[1])


def test_users_keep_their_variant_when_there_are_more_users(scenario):
    few = next(user_blocks(scenario(users=60)))
    many = next(user_blocks(scenario(users=5000)))
    assert (few.assigned == many.assigned[:, :60]).all()
    assert few.identity.tolist() == many.identity[:60].tolist()
