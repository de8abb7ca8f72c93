"""計画期間と評価のきまりを変える: drawn."""

from decimal import Decimal
from random import Random

from kpis.plan_changes import period, rating_rules
from tests.law.drawing import Drawn, draws
from tests.law.draws_recording import REASON
from tests.law.world import World

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


@draws(rating_rules.revise_rating_rules, 2)
def _revise_rules(world: World, draw: Random) -> Drawn:
    plan, user = world.plan(draw), world.actor(draw)
    year, basis = world.year(plan, draw), draw.choice(["progress", "achievement"])
    bands, cap = draw.choice(_BANDS), draw.choice([None, Decimal(100), Decimal(120)])
    return lambda: rating_rules.revise_rating_rules(
        plan,
        effective_from=year,
        rating_basis=basis,
        bands=bands,
        average_cap=cap,
        user=user,
        reason=REASON,
    )
