"""The page of a plan in preparation: how it will look, what is open, and what becomes of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kpis.draft import drop_draft
from kpis.plan_check import counts_text
from kpis.plan_notices import notices
from kpis.plan_pages import with_strategy
from kpis.recording import RecordingRefused
from kpis.series import opening_year
from projects.models import Strategy
from reports.formats import FORMATS

_PDF = "annual-report.pdf"


@require_safe
@with_strategy
def draft(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """What planners do with a plan in preparation; of another plan its dashboard."""
    if not strategy.is_in_preparation:
        return redirect("dashboard", strategy.code)
    return draft_page(request, strategy)


@require_POST
@with_strategy
def drop(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Delete a plan in preparation, once that is confirmed."""
    name = strategy.name
    if "confirmed" not in request.POST:
        return draft_page(request, strategy, asks_to_drop=True, status=422)
    try:
        drop_draft(strategy, user=request.user)
    except RecordingRefused as refused:
        (refusal,) = refused.refusals
        return draft_page(request, strategy, problem=refusal.message, status=409)
    messages.success(request, f"準備中の計画「{name}」を削除しました。")
    return redirect("plans")


def draft_page(
    request: HttpRequest,
    strategy: Strategy,
    *,
    problem: str = "",
    asks_to_drop: bool = False,
    asks_to_start: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of a plan in preparation; `asks_to_…` where a tick was left out."""
    context = {
        "counts": counts_text(strategy),
        "notices": notices(strategy),
        "is_empty": not strategy.pillars.exists(),
        "year": opening_year(strategy, None, frozenset()),
        "pdf": FORMATS[_PDF],
        "problem": problem,
        "asks_to_drop": asks_to_drop,
        "asks_to_start": asks_to_start,
    }
    return render(request, "entry/beginning/draft.html", context, status=status)
