"""Begins the next plan: looked over first, then written in one transaction."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import Kind, note
from entry.next_plan.contents import Choice, NextPlan
from entry.next_plan.offer import load_offer
from entry.plan_file.fixture import PlanRefused
from entry.plan_file.loading import save_plan
from kpis.permissions import User, may_begin_next
from kpis.recording import lock_plan
from projects.models import Strategy

CHANGED = (
    "確かめたあとに、元の計画が変わりました。何も書き込んでいません。"
    "内容をもう一度確かめてください。"
)


class PlanChanged(Exception):
    """The old plan is not what it was when the next one was looked over; nothing was written."""


def look_over(strategy: Strategy, choice: Choice, *, user: User) -> NextPlan:
    """What would be written, tried out and taken back.

    Raises PermissionDenied, and PlanRefused with every problem.
    """
    with transaction.atomic():
        plan = _offered(strategy, choice, user)
        _save(plan, user)
        transaction.set_rollback(True)
    return plan


def begin_next_plan(
    strategy: Strategy, choice: Choice, fingerprint: str, *, user: User
) -> Strategy:
    """Write the next plan, in preparation; return it.

    `fingerprint` is that of the plan that was looked over. Raises PermissionDenied, PlanRefused
    with every problem (the code is taken: it was sent twice), and PlanChanged.
    """
    with transaction.atomic():
        lock_plan(strategy)
        plan = _offered(strategy, choice, user)
        if plan.fingerprint != fingerprint:
            raise PlanChanged
        begun = _save(plan, user)
        what = f"{strategy.name}の次の計画「{begun}」を始めた（理由：{choice.reason}）"
        note(Kind.PLAN, what, user=user)
    return begun


def _offered(strategy: Strategy, choice: Choice, user: User) -> NextPlan:
    """The next plan out of what stands now; raises where the user may not or the code is taken."""
    if not may_begin_next(user, strategy):
        raise PermissionDenied("次の計画を始めるのは企画担当です。")
    taken = Strategy.objects.filter(code=choice.code).first()
    if taken is not None:
        raise PlanRefused(code_is_taken(taken))
    return NextPlan(load_offer(strategy), choice)


def _save(plan: NextPlan, user: User) -> Strategy:
    choice = plan.choice
    known = plan.offer.referred_to
    return save_plan(choice.code, plan.rows, user=user, reason=choice.reason, known=known)


def code_is_taken(plan: Strategy) -> str:
    """The sentence for a code that a plan has already."""
    return (
        f"計画コード「{plan.code}」は、すでに「{plan}」が使っています。別のコードにしてください。"
    )
