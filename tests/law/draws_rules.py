"""評価のきまりを改める, of a plan and of one KPI: drawn."""

from decimal import Decimal
from random import Random
from typing import Any

from kpis.plan_changes import kpi_rules, rating_rules
from projects.bands import Band, bands_to_data
from projects.scales import Step, steps_to_data
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World
from tests.rated_otherwise import RATED_OTHERWISE

_BOUNDED = (
    bands_to_data((Band("A", "順調", Decimal(100)), Band("B", "遅れ", None))),
    bands_to_data(
        (
            Band("", "上", Decimal("90.5"), is_late=False),
            Band("", "中", Decimal(60), is_late=True),
            Band("", "下", None, is_late=True),
        )
    ),
)
_MARKS = bands_to_data((Band("↗", "", None), Band("→", "", None), Band("↘", "", None)))
_STEPS = tuple(
    steps_to_data((Step(1, *first, Decimal(5)), Step(2, *second), Step(3)))
    for first, second in (
        (("previous", "better"), ("previous", "similar")),
        (("expected", "reaches"), ("baseline", "better")),
        (("final", "reaches"), ("expected", "reaches")),
    )
)


def _scale(draw: Random) -> dict[str, Any]:
    """The columns of a scale by any method; rarely such as don't fit it."""
    method = draw.choice(["rate", "rate", "position", "people", "none"])
    scale: dict[str, Any] = {"rating_method": method, "rating_steps": []}
    if method == "rate":
        basis = draw.choice(["progress", "achievement"])
        scale |= {"rating_basis": basis, "bands": draw.choice(_BOUNDED)}
    elif method != "none":
        scale["bands"] = _MARKS if draw.random() < 0.95 else _BOUNDED[0]
    if method == "position" or (method == "people" and draw.random() < 0.5):
        scale["rating_steps"] = draw.choice(_STEPS)
    return scale


@draws(rating_rules.revise_rating_rules, 2)
def _revise_rules(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    ready_made = list(RATED_OTHERWISE.values())
    terms = draw.choice(ready_made) if draw.random() < 0.4 else _terms(draw)
    year = world.year(plan, draw)
    return lambda: rating_rules.revise_rating_rules(
        plan, effective_from=year, user=user, reason=REASON, **terms
    )


def _terms(draw: Random) -> dict[str, Any]:
    """Columns of rating of every kind."""
    return _scale(draw) | {
        "project_method": draw.choice(["mean", "mean", "people", "none"]),
        "project_bands": draw.choice([[], *_BOUNDED]),
        "external_bands": draw.choice([[], [], _MARKS]),
        "average_cap": draw.choice([None, Decimal(100), Decimal(120)]),
        "average_floor": draw.choice([None, Decimal(0), Decimal(-50)]),
        "rate_decimals": draw.choice([0, 1, 1, 2]),
        "rate_rounding": draw.choice(["half_up", "cut"]),
    }


@draws(kpi_rules.revise_kpi_rules, 2)
def _revise_kpi_rules(world: World, draw: Random) -> Drawn:
    kpi, user = world.kpi(draw), world.actor(draw)
    year, is_plans, scale = (
        world.year(kpi.project.strategy, draw),
        draw.random() < 0.25,
        _scale(draw),
    )
    return lambda: kpi_rules.revise_kpi_rules(
        kpi, effective_from=year, is_plans=is_plans, user=user, reason=REASON, **scale
    )
