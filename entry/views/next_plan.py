"""The page on which planners begin the next plan: fill in, look over, confirm."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from entry.confirmation import opened, sealed
from entry.next_plan.beginning import CHANGED, PlanChanged, begin_next_plan, look_over
from entry.next_plan.form import NextPlanForm
from entry.next_plan.offer import load_offer
from entry.plan_file.fixture import PlanRefused
from kpis.permissions import may_begin_next
from kpis.plan_pages import with_strategy
from projects.models import Strategy

_KIND = "next_plan"
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - a field's name
_OUTDATED = "確認の画面が古くなっています。はじめから入力し直してください。"


@require_http_methods(["GET", "POST"])
@with_strategy
def next_plan(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Offer what can be taken over, show what would be made, and make it when confirmed."""
    if not may_begin_next(request.user, strategy):
        raise PermissionDenied("次の計画を始めるのは企画担当です。準備中の計画からは始めません。")
    if request.method == "GET":
        return _page(request, strategy, None)
    if "confirmed" not in request.POST:
        typed = {name: text for name, text in request.POST.items() if name != _TOKEN}
        return _look_over(request, strategy, {name: str(text) for name, text in typed.items()})
    kept = opened(request.POST["confirmed"], _KIND, user=request.user, strategy=strategy)
    if kept is None:
        return _page(request, strategy, None, problems=(_OUTDATED,))
    if "edit" in request.POST:
        return _page(request, strategy, kept["typed"])
    return _begin(request, strategy, kept["typed"], kept["fingerprint"])


def _look_over(request: HttpRequest, strategy: Strategy, typed: dict[str, str]) -> HttpResponse:
    form = NextPlanForm(load_offer(strategy), typed)
    if form.choice is None:
        return _form_page(request, form, status=422)
    try:
        plan = look_over(strategy, form.choice, user=request.user)
    except PlanRefused as refused:
        return _form_page(request, form, problems=refused.problems, status=422)
    content = {"typed": typed, "fingerprint": plan.fingerprint}
    return render(
        request,
        "entry/next_plan_preview.html",
        {
            "plan": plan,
            "signed": sealed(content, _KIND, user=request.user, strategy=strategy),
        },
    )


def _begin(
    request: HttpRequest, strategy: Strategy, typed: dict[str, str], fingerprint: str
) -> HttpResponse:
    form = NextPlanForm(load_offer(strategy), typed)
    if form.choice is None:
        return _form_page(request, form, status=409)
    try:
        begun = begin_next_plan(strategy, form.choice, fingerprint, user=request.user)
    except PlanChanged:
        return _form_page(request, form, problems=(CHANGED,), status=409)
    except PlanRefused as refused:
        return _form_page(request, form, problems=refused.problems, status=409)
    messages.success(
        request,
        f"「{begun}」を準備中の計画として始めました。"
        "最終目標値など、まだ決まっていないことは下にあります。",
    )
    return redirect("overview", begun.code, begun.first_year)


def _page(
    request: HttpRequest,
    strategy: Strategy,
    typed: Mapping[str, str] | None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    form = NextPlanForm(load_offer(strategy), typed)
    return _form_page(request, form, problems=problems, status=422 if problems else 200)


def _form_page(
    request: HttpRequest, form: NextPlanForm, *, status: int, problems: Sequence[str] = ()
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "problems": problems}
    return render(request, "entry/next_plan.html", context, status=status)
