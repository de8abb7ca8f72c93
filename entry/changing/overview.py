"""計画の変更: what was changed in a plan, and every way to change it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from entry.changing.cards import Card
from kpis.permissions import may_change_plan
from kpis.plan_pages import with_strategy
from projects.models import Strategy
from reports.models import PlanChange

# What `entry.changing.urls` collects from every module of screens.
CARDS: list[Card] = []


@require_safe
@with_strategy
def plan_changes(request: HttpRequest, strategy: Strategy) -> HttpResponse:
    """Every change of the plan, the newest first; for planners what may be changed."""
    may_change = may_change_plan(request.user, strategy)
    cards = [one for one in CARDS if may_change and one.may(request.user, strategy)]
    return render(
        request,
        "entry/changing/changes.html",
        {
            "changes": PlanChange.objects.filter(strategy=strategy).order_by("-number"),
            "cards": [(card, card.url(strategy)) for card in cards],
        },
    )
