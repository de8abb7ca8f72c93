"""What holds the 数値目標 of a pillar or of the whole plan: made with the first of them.

It is a `Project` that `holds_goals`, since its KPIs have places and codes like others. The plan
prints none of it: it is no project anywhere, and no initiative stands in it.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

if TYPE_CHECKING:
    from projects.models import Pillar, Project, Strategy

GOALS = "数値目標"
# `G1-1` is the first of the plan, `GP2-1` the first of its second pillar.
_OF_PLAN, _OF_PILLAR = "G", "GP"


def goals_name(pillar: Pillar | None) -> str:
    """`しごとの創生の数値目標`, of the whole plan `計画全体の数値目標`."""
    return f"{'計画全体' if pillar is None else pillar.name}の{GOALS}"


def goal_holders(strategy: Strategy) -> QuerySet[Project]:
    """What holds 数値目標, in printed order: of the whole plan first, then by pillar."""
    holders = strategy.projects.filter(holds_goals=True).select_related("pillar")
    return holders.order_by(F("pillar__number").asc(nulls_first=True), "position", "code")


def holder_of(strategy: Strategy, pillar: Pillar | None) -> Any:
    """What holds the 数値目標 of a pillar, or of the plan (None); not saved where it is new.

    A new one has the first code that no project of the plan has.
    """
    found = goal_holders(strategy).filter(pillar=pillar).first()
    if found is not None:
        return found
    taken = set(strategy.projects.values_list("code", flat=True))
    prefix = _OF_PLAN if pillar is None else _OF_PILLAR
    numbers = count(1 if pillar is None else pillar.number)
    code = next(f"{prefix}{number}" for number in numbers if f"{prefix}{number}" not in taken)
    return strategy.projects.model(
        strategy=strategy, pillar=pillar, code=code, name=goals_name(pillar), holds_goals=True
    )


def rename_with_pillar(pillar: Pillar, before: Pillar) -> None:
    """Let what holds a pillar's 数値目標 follow a new name, unless it has one of its own."""
    for holder in pillar.projects.filter(holds_goals=True, name=goals_name(before)):
        holder.name = goals_name(pillar)
        holder.save()
