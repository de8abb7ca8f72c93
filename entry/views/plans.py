"""All plans that somebody sees, what planners do with a whole plan, and choosing one."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.fiscal_year import wareki
from common.reading.texts import clean_text
from entry.views.beginning.draft import draft_page
from kpis.permissions import (
    User,
    may_begin_next,
    may_change_plan,
    may_prepare,
    may_reorganise,
)
from kpis.plan_acts import end_plan, make_main, put_into_force, resume_plan
from kpis.plan_pages import plans_of, with_strategy
from kpis.recording import RecordingRefused
from projects.models import FiscalYearClosing, PlanChoice, Strategy
from reports.models import Edition

# What it did, as a sentence.
Act = Callable[[HttpRequest, Strategy], str]


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan with its state and period; for planners what may become of it."""
    if not plans_of(request):
        return render(request, "projects/no_strategy.html")
    return _page(request)


@require_POST
@with_strategy
def choose_plan(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Remember the plan as the one that somebody works with, and go to its dashboard."""
    user: Any = request.user  # nobody comes here without a login
    PlanChoice.objects.update_or_create(user=user, defaults={"strategy": strategy})
    return redirect("dashboard", strategy.code)


def plan_act(act: Act) -> Callable[..., HttpResponse]:
    """A view that does something with a whole plan, and says so above the list of plans."""

    @require_POST
    @with_strategy
    def acted(request: HttpRequest, strategy: Strategy) -> HttpResponse:
        try:
            done = act(request, strategy)
        except RecordingRefused as refused:
            (refusal,) = refused.refusals
            return _page(
                request,
                refused=strategy,
                message=refusal.message,
                field=refusal.field,
                typed=request.POST.get("reason", ""),
            )
        messages.success(request, done)
        return redirect("plans")

    return acted  # type: ignore[return-value] # what the decorators make of it


@require_POST
@with_strategy
def start(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Put a plan in preparation into force, once that is confirmed."""
    if strategy.is_in_preparation and "confirmed" not in request.POST:
        return draft_page(request, strategy, asks_to_start=True, status=422)
    return _start(request, plan_code=strategy.code)


@plan_act
def _start(request: HttpRequest, strategy: Strategy) -> str:
    plan = put_into_force(strategy, user=request.user)
    return f"「{plan.name}」を実施中にしました。{_as_main(plan)}"


@plan_act
def end(request: HttpRequest, strategy: Strategy) -> str:
    """End a plan."""
    return f"「{end_plan(strategy, user=request.user).name}」を終了しました。"


@plan_act
def resume(request: HttpRequest, strategy: Strategy) -> str:
    """Take an ended plan back for a reason."""
    reason = clean_text(request.POST.get("reason", ""))
    plan = resume_plan(strategy, user=request.user, reason=reason)
    return f"「{plan.name}」を実施中に戻しました。{_as_main(plan)}"


@plan_act
def main(request: HttpRequest, strategy: Strategy) -> str:
    """Make a plan the main one."""
    return f"「{make_main(strategy, user=request.user).name}」を主たる計画にしました。"


def _as_main(plan: Strategy) -> str:
    return "主たる計画です。" if plan.is_current else ""


@dataclass(frozen=True, slots=True)
class ListedPlan:
    """A plan of the list, how many of its years are closed, and what has to come before its end.

    `before_end` is empty where it may end now; `unissued` names the closed years of which no
    edition of the report was issued (`令和6年度、令和8年度`); `may_begin_next` is whether the plan
    that follows may be begun from it, `may_change` whether its contents may be changed.
    """

    plan: Strategy
    closed: int
    before_end: str
    unissued: str
    may_begin_next: bool
    may_change: bool


def _listed(plans: Sequence[Strategy], user: User) -> list[ListedPlan]:
    issued = Edition.objects.filter(
        strategy=OuterRef("strategy"), fiscal_year=OuterRef("fiscal_year")
    )
    closings = FiscalYearClosing.objects.filter(strategy__in=plans).order_by("fiscal_year")
    closed: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for plan_id, year, is_issued in closings.values_list("strategy", "fiscal_year", Exists(issued)):
        closed[plan_id][year] = is_issued
    running = {plan for plan in plans if plan.is_running}
    listed = []
    for plan in plans:
        years, before_end = closed[plan.pk], ""
        if len(years) < len(plan.years):
            before_end = "終了できるのは、すべての年度を締めてからです。"
        elif plan.is_current and running - {plan}:
            before_end = "終了できるのは、ほかの実施中の計画を主たる計画にしてからです。"
        unissued = "、".join(wareki(year) for year, is_issued in years.items() if not is_issued)
        listed.append(
            ListedPlan(
                plan,
                len(years),
                before_end,
                unissued,
                may_begin_next(user, plan),
                may_change_plan(user, plan),
            )
        )
    return listed


def _page(request: HttpRequest, **refusal: Any) -> HttpResponse:
    """The list; with a `refused` plan, the `message` why, at its `field` if that is at fault."""
    return render(
        request,
        "entry/plans.html",
        {
            "rows": _listed(plans_of(request), request.user),
            "may_prepare": may_prepare(request.user),
            "may_reorganise": may_reorganise(request.user),
            **refusal,
        },
        status=(422 if refusal["field"] else 409) if refusal else 200,
    )
