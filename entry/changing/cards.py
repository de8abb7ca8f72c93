"""The kinds of change that the page 計画の変更 offers, each with what it is for."""

from collections.abc import Callable
from dataclasses import dataclass

from kpis.permissions import User, may_change_plan
from projects.models import Strategy


@dataclass(frozen=True, slots=True)
class Card:
    """An act as it is offered: its name, when it is wanted, and where it begins.

    `url` gives the address for a plan: that of the screen, or of the page where somebody first
    chooses what to change (a KPI's, from the list of KPIs). `may` says to whom it is offered.
    """

    title: str
    text: str
    button: str
    url: Callable[[Strategy], str]
    may: Callable[[User, Strategy], bool] = may_change_plan
