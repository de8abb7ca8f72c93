"""All plans that somebody sees, what planners do with a whole plan, and choosing one."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.reading.texts import clean_text
from kpis.permissions import may_prepare
from kpis.plan_acts import end_plan, make_main, put_into_force, resume_plan
from kpis.plan_pages import plans_of, with_strategy
from kpis.recording import RecordingRefused
from projects.models import FiscalYearClosing, PlanChoice, Strategy

Act = Callable[[HttpRequest, Strategy], tuple[Strategy, str]]


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
            plan, done = act(request, strategy)
        except RecordingRefused as refused:
            (refusal,) = refused.refusals
            return _page(
                request,
                refused=strategy,
                message=refusal.message,
                field=refusal.field,
                typed=request.POST.get("reason", ""),
            )
        as_main = "主たる計画です。" if plan.is_current else ""
        messages.success(request, f"「{plan.name}」を{done}。{as_main}")
        return redirect("plans")

    return acted  # type: ignore[return-value] # what the decorators make of it


@plan_act
def start(request: HttpRequest, strategy: Strategy) -> tuple[Strategy, str]:
    """Put a plan in preparation into force."""
    return put_into_force(strategy, user=request.user), "実施中にしました"


@plan_act
def end(request: HttpRequest, strategy: Strategy) -> tuple[Strategy, str]:
    """End a plan."""
    return end_plan(strategy, user=request.user), "終了しました"


@plan_act
def resume(request: HttpRequest, strategy: Strategy) -> tuple[Strategy, str]:
    """Take an ended plan back for a reason."""
    reason = clean_text(request.POST.get("reason", ""))
    return resume_plan(strategy, user=request.user, reason=reason), "実施中に戻しました"


@plan_act
def main(request: HttpRequest, strategy: Strategy) -> tuple[Strategy, str]:
    """Make a plan the main one."""
    return make_main(strategy, user=request.user), "主たる計画にしました"


def _page(request: HttpRequest, **refusal: Any) -> HttpResponse:
    """The list; with a `refused` plan, the `message` why, at its `field` if that is at fault."""
    plans = plans_of(request)
    closings = FiscalYearClosing.objects.filter(strategy__in=plans)
    closed = Counter(closings.values_list("strategy", flat=True))
    return render(
        request,
        "entry/plans.html",
        {
            "rows": [(plan, closed[plan.pk], len(plan.years)) for plan in plans],
            "may_prepare": may_prepare(request.user),
            **refusal,
        },
        status=(422 if refusal["field"] else 409) if refusal else 200,
    )
