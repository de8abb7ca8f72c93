"""What a plan begins with, once it begins in another year: targets and rules of rating.

Nothing is closed then: a closed year fixes the first one.
"""

from typing import Any

from django.db.models import QuerySet

from common.history import sign_change
from kpis.models import FinalTarget, KpiRatingRules
from kpis.permissions import User
from projects.models import RATING_COLUMNS, Strategy


def begin_with(plan: Strategy, first_year: int, user: User, reason: str) -> None:
    """Let what a plan began with, in `first_year`, hold from its new first year, which it has.

    Of what began before that one, the latest does. The plan is not saved.
    """
    if plan.first_year == first_year:
        return
    begun = {
        "kpi__project__strategy": plan,
        "kpi__first_year__isnull": True,
        "effective_from__lte": max(plan.first_year, first_year),
    }
    _keep_latest(plan, FinalTarget.objects.filter(**begun), user, reason)
    _keep_latest(plan, KpiRatingRules.objects.filter(**begun), user, reason)
    _take_in_rules(plan, user, reason)


def _keep_latest(plan: Strategy, begun: QuerySet[Any], user: User, reason: str) -> None:
    """Date the latest row of each KPI with the plan's first year; the earlier ones go."""
    latest: dict[int, Any] = {}
    for one in begun.select_related("kpi__project__strategy").order_by("-effective_from"):
        sign_change(one, user, reason)
        if one.kpi_id in latest:
            one.delete()
            continue
        latest[one.kpi_id] = one
        if one.effective_from != plan.first_year:
            one.effective_from = plan.first_year
            one.save()


def _take_in_rules(plan: Strategy, user: User, reason: str) -> None:
    """Let the plan's own columns say the rules that hold in its first year."""
    begun = plan.rule_changes.filter(effective_from__lte=plan.first_year)
    for one in begun.order_by("effective_from"):
        for name in RATING_COLUMNS:
            setattr(plan, name, getattr(one, name))
        sign_change(one, user, reason)
        one.delete()
