"""What is closed stays, whatever anybody does: sequences of all acts, the law after each.

`make law` runs two thousand sequences on each database. What fails is told with its seed, and
shrunk to the steps that it takes.
"""

import pytest
from django.core.management import get_commands
from django.urls import get_resolver

from omuta_strategy.acts import ACTS, BESIDE_PLANS, COMMANDS_BESIDE_PLANS
from tests.law import (  # noqa: F401 - they fill the table
    draws_admin,
    draws_lives,
    draws_period,
    draws_plans,
    draws_recording,
    draws_reorganisation,
    draws_targets,
)
from tests.law.drawing import DRAWERS
from tests.law.driving import LawBroken, breaks, run, seeds_of, shrunk
from tests.law.world import World
from tests.writing_urls import WRITES

STEPS = 20
A_BATCH = 25


def pytest_generate_tests(metafunc):
    if "seeds" in metafunc.fixturenames:
        first = metafunc.config.getoption("--law-seed")
        count = metafunc.config.getoption("--law")
        batches = [
            range(at, min(at + A_BATCH, first + count))
            for at in range(first, first + count, A_BATCH)
        ]
        metafunc.parametrize("seeds", batches, ids=[f"from {one.start}" for one in batches])


@pytest.mark.django_db
def test_what_is_closed_stays(seeds):
    world = World()
    done = 0
    for seed in seeds:
        steps = seeds_of(seed, STEPS)
        try:
            done += sum(run(world, steps).done.values())
        except LawBroken as broken:
            needed = shrunk(world, steps, lambda fewer: breaks(world, fewer))
            told = _told_steps(world, needed)
            pytest.fail(f"seed {seed}: {broken}\nthe steps that it takes:\n{told}", pytrace=False)
    assert done > len(seeds)


def _told_steps(world, steps):
    try:
        course = run(world, steps)
    except LawBroken as broken:
        return str(broken)
    return "\n".join(course.steps)


def _named(patterns, before="", spaces=()):
    for one in patterns:
        here = f"{before}{one.pattern}"
        if hasattr(one, "url_patterns"):
            own = (one.namespace,) if one.namespace else ()
            yield from _named(one.url_patterns, here, (*spaces, *own))
        else:
            yield here, ":".join((*spaces, one.name or ""))


def test_every_page_that_writes_is_an_act():
    names = dict(_named(get_resolver().url_patterns))
    writing = {names[pattern] for pattern in WRITES}

    assert writing == {url for act in ACTS for url in act.urls} | set(BESIDE_PLANS)


def test_every_command_is_an_act_or_writes_nothing_of_a_plan():
    ours = {
        name
        for name, room in get_commands().items()
        if room in ("accounts", "projects", "kpis", "reports", "entry", "omuta_strategy")
    }

    assert ours == {name for act in ACTS for name in act.commands} | set(COMMANDS_BESIDE_PLANS)


def test_every_act_is_drawn():
    assert set(DRAWERS) == {act.name for act in ACTS}
