"""計画期間と評価のきまりを変える: drawn."""

from decimal import Decimal
from random import Random
from typing import Any

from kpis.plan_changes import period, rating_rules
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World
from tests.rated_otherwise import RATED_OTHERWISE

_BANDS = (
    [
        {"symbol": "A", "label": "順調", "lower": "100"},
        {"symbol": "B", "label": "遅れ", "lower": None},
    ],
    [
        {"symbol": "A", "label": "順調", "lower": "90"},
        {"symbol": "B", "label": "概ね順調", "lower": "60"},
        {"symbol": "C", "label": "遅れ", "lower": None},
    ],
)


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


# By the column: what it may be revised to.
_TERMS: dict[str, tuple[Any, ...]] = {
    "rating_basis": ("progress", "achievement"),
    "bands": _BANDS,
    "average_cap": (None, Decimal(100), Decimal(120)),
    "average_floor": (None, Decimal(0), Decimal(-50)),
    "rate_decimals": (0, 1, 2),
    "rate_rounding": ("half_up", "cut"),
    "project_method": ("mean", "people", "none"),
}


@draws(rating_rules.revise_rating_rules, 2)
def _revise_rules(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year = world.year(plan, draw)
    if draw.random() < 0.5:
        terms = draw.choice(list(RATED_OTHERWISE.values()))
    else:
        terms = {name: draw.choice(_TERMS[name]) for name in draw.sample(list(_TERMS), 2)}
    return lambda: rating_rules.revise_rating_rules(
        plan, effective_from=year, user=user, reason=REASON, **terms
    )
