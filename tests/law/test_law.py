"""What is closed stays, whatever anybody does: sequences of all acts, the law after each.

`make law` runs two thousand sequences on each database. What fails is told with its seed, and
shrunk to the steps that it takes.
"""

import sys
from inspect import Parameter, isfunction, signature

import pytest
from django.core.management import get_commands
from django.urls import get_resolver

from omuta_strategy.acts import ACTS, BESIDE_PLANS, COMMANDS_BESIDE_PLANS, PARTS_OF_ACTS
from tests.law import (  # noqa: F401 - they fill the table
    draws_admin,
    draws_lives,
    draws_period,
    draws_plans,
    draws_recording,
    draws_reorganisation,
    draws_rules,
    draws_targets,
    draws_workbook,
)
from tests.law.drawing import DRAWERS
from tests.law.driving import LawBroken, breaks, run, seeds_of, shrunk
from tests.law.openings import OPENINGS
from tests.law.tally import TALLY, tally_of
from tests.law.world import World
from tests.writing_urls import WRITES

STEPS = 12
A_BATCH = 50


def pytest_generate_tests(metafunc):
    if "opening" not in metafunc.fixturenames:
        return
    first = metafunc.config.getoption("--law-seed")
    seeds = range(first, first + metafunc.config.getoption("--law"))
    batches = []
    for at, opening in enumerate(OPENINGS):
        own = [seed for seed in seeds if seed % len(OPENINGS) == at]
        batches += [
            (opening, own[since : since + A_BATCH]) for since in range(0, len(own), A_BATCH)
        ]
    ids = [f"{opening.__name__} from {own[0]}" for opening, own in batches]
    metafunc.parametrize(("opening", "seeds"), batches, ids=ids)


@pytest.mark.django_db
def test_what_is_closed_stays(opening, seeds, record_property):
    world = World()
    opening(world)
    courses = [_course(world, seed) for seed in seeds]
    record_property(TALLY, tally_of(courses))

    assert sum(course.done.total() for course in courses) > len(seeds)


def _course(world, seed):
    steps = seeds_of(seed, STEPS)
    try:
        return run(world, steps)
    except LawBroken as broken:
        said = str(broken)
        needed = shrunk(world, steps, lambda fewer: breaks(world, fewer))
        told = _told_steps(world, needed)
    pytest.fail(f"seed {seed}: {said}\nthe steps that it takes:\n{told}", pytrace=False)


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


def test_every_function_that_writes_for_somebody_is_an_act():
    list(_named(get_resolver().url_patterns))  # imports whatever a page leads to
    rooms = ("projects.", "kpis.", "entry.", "reports.")
    found = {
        f"{name}.{function.__qualname__}"
        for name, module in list(sys.modules.items())
        if name.startswith(rooms)
        for function in vars(module).values()
        if isfunction(function) and function.__module__ == name and _acts_for_somebody(function)
    }

    acts = {act.name for act in ACTS if isfunction(act.does) and _acts_for_somebody(act.does)}
    assert found == acts | set(PARTS_OF_ACTS)


def _acts_for_somebody(function):
    user = signature(function).parameters.get("user")
    return user is not None and user.kind is Parameter.KEYWORD_ONLY


def test_every_act_is_drawn():
    assert set(DRAWERS) == {act.name for act in ACTS}
