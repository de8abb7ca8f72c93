"""How the arguments of each act are drawn: a table that every module of draws adds to."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from omuta_strategy.acts import ACTS
from tests.law.world import World

# What does the act with drawn arguments; None where there is nothing to do it to.
Drawn = Callable[[], object] | None
Drawer = Callable[[World, Random], Drawn]

# By the name of the act: how it is drawn, and how often beside the others.
DRAWERS: dict[str, tuple[Drawer, float]] = {}

FIGURES = ("0", "3", "10", "12.5", "21", "40", "50", "77", "120")


def draws(does: Callable[..., Any], weight: float = 1.0) -> Callable[[Drawer], Drawer]:
    """Draw an act of the list in this way."""
    (act,) = (act for act in ACTS if act.does is does)

    def registered(drawer: Drawer) -> Drawer:
        assert act.name not in DRAWERS
        DRAWERS[act.name] = (drawer, weight)
        return drawer

    return registered


def figure(draw: Random, places: int = 0) -> Decimal:
    """A figure with as many decimals as a KPI shows, or rarely one too many."""
    value = Decimal(draw.choice(FIGURES))
    return value if places or draw.random() < 0.05 else value.quantize(Decimal(1))
