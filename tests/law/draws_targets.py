"""目標を見直す, and its withdrawal: drawn."""

from decimal import Decimal
from random import Random

from kpis.plan_changes import targets
from kpis.targets import MetBy, Target
from tests.law.drawing import Drawn, draws, figure
from tests.law.draws_recording import REASON
from tests.law.world import World


@draws(targets.revise_target, 4)
def _revise(world: World, draw: Random) -> Drawn:
    kpi = world.kpi(draw)
    plan, user = kpi.project.strategy, world.actor(draw)
    words = draw.random() < 0.15
    places = kpi.decimal_places
    restated = draw.random() < 0.3
    target = Target(
        effective_from=world.year(plan, draw),
        value=None if words else figure(draw, places),
        words="増やす" if words else "",
        met_by=draw.choice(list(MetBy)) if words else "",
        is_strict=draw.random() < 0.15,
        tolerance=figure(draw, places) if draw.random() < 0.1 else None,
        target_year=world.year(plan, draw) if draw.random() < 0.25 else None,
        baseline=figure(draw, places) if restated else None,
        baseline_year=2024 if restated else None,
    )
    yearly = _yearly(world, kpi, draw) if draw.random() < 0.4 else None
    return lambda: targets.revise_target(kpi, target, yearly=yearly, user=user, reason=REASON)


def _yearly(world: World, kpi: object, draw: Random) -> dict[int, Decimal]:
    plan = kpi.project.strategy  # type: ignore[attr-defined]
    if draw.random() < 0.3:
        return {}
    return {world.year(plan, draw): figure(draw) for _ in range(draw.randint(1, 3))}
