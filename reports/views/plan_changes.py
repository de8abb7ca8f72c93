"""One change of a plan: what an act did, who did it, and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kpis.plan_pages import with_strategy
from projects.models import Strategy
from reports.annual.year_changes import from_text
from reports.models import PlanChange


@require_safe
@with_strategy
def plan_change(request: HttpRequest, strategy: Strategy, number: int) -> HttpResponse:
    """What was changed in each year that was open then."""
    change = _change_or_404(strategy, number)
    return render(
        request,
        "reports/plan_change.html",
        {"change": change, "years": from_text(change.differences)},
    )


def _change_or_404(strategy: Strategy, number: int) -> PlanChange:
    found = PlanChange.objects.filter(strategy=strategy, number=number).first()
    if found is None:
        raise Http404("その変更はありません。計画の変更の一覧から選んでください。")
    return found
