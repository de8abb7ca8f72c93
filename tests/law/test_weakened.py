"""The property test notices a rule that is taken out, one after the other.

The suite tries one of them; `--law-weakened 200` tries each with 200 sequences at most, and tells
how many it took.
"""

import pytest
from django.db import transaction

from tests.law.driving import LawBroken, run, seeds_of
from tests.law.openings import OPENINGS
from tests.law.test_law import STEPS
from tests.law.weakenings import WEAKENINGS, figures_of_closed_years
from tests.law.world import World

# Sequences with one opening after the other.
_A_TURN = 4 * len(OPENINGS)


def pytest_generate_tests(metafunc):
    if "weaken" in metafunc.fixturenames:
        most = metafunc.config.getoption("--law-weakened")
        cases = [(one, most) for one in WEAKENINGS] if most else [(figures_of_closed_years, 4)]
        ids = [weaken.__name__ for weaken, _most in cases]
        metafunc.parametrize(("weaken", "most"), cases, ids=ids)


@pytest.mark.django_db
def test_weaker_rule_breaks_the_law(weaken, most, record_property):
    tried, broken = _until_broken(weaken, range(1, most + 1))

    record_property("weakened", [weaken.__name__, tried, broken])
    assert broken, f"{most} sequences noticed nothing of it: {weaken.__doc__}"


def _until_broken(weaken, seeds):
    """How many sequences were run, and what the last one broke; empty where none did.

    What is there when they begin was done by the rules: they alone are without the one.
    """
    tried = 0
    for turn in range(seeds.start, seeds.stop, _A_TURN):
        # Where something is closed first.
        for at in reversed(range(len(OPENINGS))):
            own = [
                seed
                for seed in range(turn, min(turn + _A_TURN, seeds.stop))
                if seed % len(OPENINGS) == at
            ]
            with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
                try:
                    world = World()
                    OPENINGS[at](world)
                    weaken(patch)
                    for seed in own:
                        tried += 1
                        run(world, seeds_of(seed, STEPS))
                except LawBroken as broken:
                    return tried, str(broken)
                finally:
                    transaction.set_rollback(True)
    return tried, ""
