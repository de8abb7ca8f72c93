"""A plan in preparation that is not wanted after all: deleted with everything in it."""

from typing import Any

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.history import sign_change
from kpis.models import FormerPlace, Kpi, YearlyActual
from kpis.permissions import User
from kpis.plan_acts import acting_on_plan, refused
from kpis.plan_check import counts_text
from kpis.recording import ACTUALS, PROGRESS, REVIEWS, Change, YearlyRecords
from projects.models import InitiativeProgress, ProjectReview, Strategy

REASON = "準備中の計画を削除した"


def drop_draft(strategy: Strategy, *, user: User) -> None:
    """Delete a plan in preparation with its figures; its histories and departments stay.

    Raises PermissionDenied, and RecordingRefused where the plan is running or ended, or where
    another plan counts its figures or carries on its KPIs.
    """
    with acting_on_plan(strategy, user) as plan:
        if not plan.is_in_preparation:
            raise refused(f"「{plan.name}」は準備中の計画ではないため、削除できません。")
        _refuse_used_elsewhere(plan)
        what = f"準備中の計画「{plan.name}」（{plan.code}）を削除した"
        counts = counts_text(plan)
        _take_back_figures(plan, user)
        _delete_kpis(plan, user)
        sign_change(plan, user, REASON)
        plan.delete()
        note(Audited.PLAN, what, before=counts, user=user)


def _refuse_used_elsewhere(plan: Strategy) -> None:
    others = Kpi.objects.exclude(project__strategy=plan).select_related("project__strategy")
    for relation in ("source", "carried_from", "successor_of"):
        taker = others.filter(**{f"{relation}__project__strategy": plan}).first()
        if taker is not None:
            raise refused(
                f"「{taker.project.strategy.name}」の{taker.code}が、この計画の指標を使っているため、"
                "削除できません。先にその指標を直してください。"
            )


def _take_back_figures(plan: Strategy, user: User) -> None:
    """Make every year 未入力 again, by the path that recorded it."""
    rows: tuple[tuple[YearlyRecords[Any, Any], Any, str], ...] = (
        (ACTUALS, YearlyActual.objects.filter(kpi__project__strategy=plan), "kpi_id"),
        (PROGRESS, InitiativeProgress.objects.filter(initiative__strategy=plan), "initiative_id"),
        (REVIEWS, ProjectReview.objects.filter(project__strategy=plan), "project_id"),
    )
    for records, standing, owner in rows:
        years: dict[int, list[Change]] = {}
        for row in standing.order_by("fiscal_year", owner):
            change = Change(getattr(row, owner), None, row.version)
            years.setdefault(row.fiscal_year, []).append(change)
        for year, changes in years.items():
            records.record(plan, year, changes, user=user, reason=REASON)


def _delete_kpis(plan: Strategy, user: User) -> None:
    """Delete the plan's KPIs, each before the one that it replaced or whose figures it counts."""
    for place in FormerPlace.objects.filter(kpi__project__strategy=plan):
        sign_change(place, user, REASON)
        place.delete()
    while kpis := list(Kpi.objects.filter(project__strategy=plan).order_by("pk")):
        used = {
            pk for kpi in kpis for pk in (kpi.source_id, kpi.carried_from_id, kpi.successor_of_id)
        }
        for kpi in [one for one in kpis if one.pk not in used] or kpis:
            sign_change(kpi, user, REASON)
            kpi.delete()
