"""What planners do with a whole plan: its state, and which plan is the main one.

Each act is a transaction under a lock of every plan, as the main mark is at most one plan's, and
of the rows that recording locks. It signs the history with its reason and is noted in the audit.
Each raises PermissionDenied, or RecordingRefused with the one sentence why it can't be done now,
and returns the plan as it is then.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from common.reading.texts import too_long
from kpis.permissions import User, may_prepare
from kpis.recording import Kind, RecordingRefused, Refusal, lock_plan
from projects.models import PlanState, Strategy
from projects.plans import lock_plans, main_plan
from projects.rules import check_mark_can_go


def put_into_force(strategy: Strategy, *, user: User) -> Strategy:
    """Put a plan in preparation into force: from then on everybody sees it and enters its figures.

    It becomes the main plan where no running plan is.
    """
    with acting_on_plan(strategy, user) as plan:
        if not plan.is_in_preparation:
            raise refused(f"「{plan.name}」は準備中の計画ではありません。")
        _run(plan, user, "計画を実施中にした")
        note(Audited.PLAN, f"{plan.name}を実施中にした{_as_main(plan)}", user=user)
    return plan


def end_plan(strategy: Strategy, *, user: User) -> Strategy:
    """End a running plan, all of whose years are closed: it is read alone from then on.

    The main plan ends last: while another is running, that one is made the main plan first.
    """
    with acting_on_plan(strategy, user) as plan:
        if not plan.is_running:
            raise refused(f"「{plan.name}」は実施中の計画ではありません。")
        _refuse_open_years(plan)
        if plan.is_current:
            try:
                check_mark_can_go(plan)
            except ValidationError as refusal:
                raise refused("".join(refusal.messages)) from None
        plan.state = PlanState.ENDED
        sign_change(plan, user, "計画を終了した")
        plan.save()
        note(Audited.PLAN, f"{plan.name}を終了した", user=user)
    return plan


def resume_plan(strategy: Strategy, *, user: User, reason: str) -> Strategy:
    """Take an ended plan back for a stated reason (the field `reason` where that is at fault).

    It becomes the main plan where no running plan is. Its years stay closed.
    """
    reason = reason.strip()
    with acting_on_plan(strategy, user) as plan:
        problem = too_long("戻す理由", reason) if reason else "戻す理由を書いてください。"
        if problem:
            raise refused(problem, "reason")
        if not plan.has_ended:
            raise refused(f"「{plan.name}」は終了した計画ではありません。")
        _run(plan, user, reason)
        what = f"{plan.name}を実施中に戻した{_as_main(plan)}（理由：{reason}）"
        note(Audited.PLAN, what, user=user)
    return plan


def make_main(strategy: Strategy, *, user: User) -> Strategy:
    """Make a running plan the main plan, to which addresses without a plan lead."""
    with acting_on_plan(strategy, user) as plan:
        if not plan.is_running:
            raise refused(
                f"「{plan.name}」は実施中ではありません（{plan.get_state_display()}）。"
                "主たる計画にできるのは、実施中の計画です。"
            )
        if plan.is_current:
            raise refused(f"「{plan.name}」は、すでに主たる計画です。")
        before = main_plan()
        _take_mark(plan, before, user)
        sign_change(plan, user, "主たる計画にした")
        plan.save()
        note(
            Audited.PLAN,
            f"{plan.name}を主たる計画にした",
            before=before.name if before else "",
            after=plan.name,
            user=user,
        )
    return plan


def take_free_mark(strategy: Strategy, *, user: User | None) -> None:
    """Make a plan that is about to be saved as running the main one, where no running plan is.

    An ended plan gives the mark up. Inside a transaction.
    """
    main = main_plan()
    if main is None or main.has_ended:
        _take_mark(strategy, main, user)


@contextmanager
def acting_on_plan(strategy: Strategy, user: User) -> Iterator[Strategy]:
    """A transaction of a planner's, with the plan as it stands, locked as are all others."""
    if not may_prepare(user):
        raise PermissionDenied("計画の状態と主たる計画を決めるのは企画担当です。")
    with transaction.atomic():
        lock_plans()
        yield lock_plan(strategy)


def _run(plan: Strategy, user: User, reason: str) -> None:
    plan.state = PlanState.RUNNING
    take_free_mark(plan, user=user)
    sign_change(plan, user, reason)
    plan.save()


def _take_mark(plan: Strategy, before: Strategy | None, user: User | None) -> None:
    """Give the mark to a plan, which is still to be saved, and take it from the one before."""
    if before is not None and before.pk != plan.pk:
        before.is_current = False
        sign_change(before, user, f"「{plan.name}」を主たる計画にした")
        before.save()
    plan.is_current = True


def _as_main(plan: Strategy) -> str:
    return "（主たる計画）" if plan.is_current else ""


def _refuse_open_years(plan: Strategy) -> None:
    closed = set(plan.closings.values_list("fiscal_year", flat=True))
    still_open = "、".join(wareki(year) for year in plan.years if year not in closed)
    if still_open:
        raise refused(
            f"「{plan.name}」には、まだ締めていない年度があります（{still_open}）。"
            "すべての年度を締めてから終了してください。"
        )


def refused(message: str, field: str = "") -> RecordingRefused:
    """The refusal with one sentence, at the field that is at fault."""
    return RecordingRefused([Refusal("", Kind.INVALID, field, message)])
