"""目標を見直す: drawn."""

from random import Random
from typing import Any

from kpis.models import Kpi
from kpis.plan_changes import targets
from kpis.targets import MetBy, Target
from tests.law.drawing import Drawn, draws, figure
from tests.law.draws_recording import REASON
from tests.law.world import World

_SPREADS = (targets.spread_from_baseline, targets.spread_from_due)


def _said(draw: Random, places: int) -> dict[str, Any]:
    """What a target asks for: a figure with its terms, words, or nothing."""
    kind = draw.random()
    if kind < 0.1:
        return {"value": None}
    if kind < 0.2:
        how = draw.choice([one for one in MetBy if one])
        return {"value": None, "words": "増加", "met_by": how.value}
    said: dict[str, Any] = {"value": figure(draw, places)}
    if kind < 0.4:
        said["is_strict"] = True
    elif kind < 0.5:
        said |= {"tolerance": figure(draw, places), "baseline": said["value"]}
    return said


@draws(targets.revise_target, 3)
def _revise(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    kpis = list(Kpi.objects.filter(project__strategy=plan).select_related("project__strategy"))
    if not kpis:
        return None
    kpi = draw.choice(sorted(kpis, key=lambda one: one.pk))
    years, places = list(plan.years), kpi.decimal_places
    said = _said(draw, places)
    if draw.random() < 0.3:
        said |= {"baseline": figure(draw, places), "baseline_year": draw.choice([None, 2023])}
    if draw.random() < 0.3:
        said["target_year"] = draw.choice(years)
    target = Target(world.year(plan, draw), **said)
    typed = {year: figure(draw, places) for year in years if draw.random() < 0.4}
    way = draw.random()

    def act() -> object:
        yearly = None if way < 0.5 else typed
        if way > 0.8:
            yearly = _SPREADS[way > 0.9](kpi, target)
        return targets.revise_target(kpi, target, yearly=yearly, user=user, reason=REASON)

    return act
