"""計画期間を変える: drawn."""

from random import Random

from kpis.plan_changes import period
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World


@draws(period.change_period, 3)
def _change_period(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    # Mostly one end alone: the first year can't change where any is closed.
    ends = draw.choice(["last", "last", "first", "both"])
    first = plan.first_year + (0 if ends == "last" else draw.choice([-1, 1]))
    last = plan.last_year + (0 if ends == "first" else draw.choice([-2, -1, 1, 2]))
    return lambda: period.change_period(
        plan, first_year=first, last_year=last, user=user, reason=REASON
    )
