"""What holds the 数値目標 of a pillar or of the whole plan: made with the first of them.

It is a `Project` that `holds_goals`, since its KPIs have places and codes like others. The plan
prints none of it: it is no project anywhere, and no initiative stands in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet

if TYPE_CHECKING:
    from projects.models import Pillar, Project, Strategy

GOALS = "数値目標"


def goals_name(pillar: Pillar | None) -> str:
    """`しごとの創生の数値目標`, of the whole plan `計画全体の数値目標`."""
    return f"{'計画全体' if pillar is None else pillar.name}の{GOALS}"


def goals_code(pillar: Pillar | None) -> str:
    """`G2` of the second pillar, so that its first goal is `G2-1`; of the whole plan `G0`."""
    return f"G{0 if pillar is None else pillar.number}"


def goal_holders(strategy: Strategy) -> QuerySet[Project]:
    """What holds 数値目標, in printed order: of the whole plan first, then by pillar."""
    holders = strategy.projects.filter(holds_goals=True).select_related("pillar")
    return holders.order_by(F("pillar__number").asc(nulls_first=True), "position", "code")


def holder_of(strategy: Strategy, pillar: Pillar | None) -> Any:
    """What holds the 数値目標 of a pillar, or of the plan (None); not saved where it is new."""
    found = goal_holders(strategy).filter(pillar=pillar).first()
    if found is not None:
        return found
    return strategy.projects.model(
        strategy=strategy,
        pillar=pillar,
        code=goals_code(pillar),
        name=goals_name(pillar),
        holds_goals=True,
    )


def check_code_can_follow(pillar: Pillar) -> None:
    """Raise ValidationError at `number` if closed years name a pillar's 数値目標 by the old one."""
    for holder in pillar.projects.filter(holds_goals=True).exclude(code=goals_code(pillar)):
        named, holder.code = holder.code, goals_code(pillar)
        try:
            for check in holder.change_checks:
                check(holder)
        except ValidationError as error:
            why = f"番号を変えると、数値目標の番号（{named}-1 など）が変わります。"
            raise ValidationError({"number": why + "".join(error.messages)}) from None


def follow_pillar(pillar: Pillar, before: Pillar) -> None:
    """Let what holds a pillar's 数値目標 follow its new number, and its new name.

    A name of its own stays.
    """
    for holder in pillar.projects.filter(holds_goals=True):
        was = (holder.code, holder.name)
        if pillar.number != before.number:
            holder.code = goals_code(pillar)
        if holder.name == goals_name(before):
            holder.name = goals_name(pillar)
        if (holder.code, holder.name) != was:
            holder.save()
