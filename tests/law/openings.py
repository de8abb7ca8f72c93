"""How a sequence begins: what was entered, closed, changed and reopened before its first act.

Each is told as acts of its own, by turns of the sequence's seed.
"""

from collections.abc import Callable
from decimal import Decimal

from kpis import recording
from kpis.models import ActualState, Kpi
from kpis.plan_changes import period, places, rating_rules, targets
from kpis.recording import ActualEntry, Change, ProgressEntry
from kpis.targets import Target
from projects.models import CorrectionKind, InitiativeStatus, Strategy
from tests.law.world import World

_REASON = "始まり"
_FIGURES = ("12", "30", "21", "5", "48")


def nothing_closed(world: World) -> None:
    """Two plans, and nothing entered."""


def first_years_closed(world: World) -> None:
    """The years up to 2024 entered and closed in both plans."""
    _enter(world, 2023, 2024)
    _close(world, mihon=2024, sogo=2024)


def one_plan_closed(world: World) -> None:
    """The years up to 2024 entered, and closed in the one plan alone."""
    _enter(world, 2023, 2024)
    recording.close_years_through(_plan("sogo"), 2024, user=world.planner, reason=_REASON)


def one_plan_ahead(world: World) -> None:
    """Entered up to 2025; closed up to 2026 in the one plan, and the first year in the other.

    So one plan has closed years, one of them without figures, in which the other's are open.
    """
    _enter(world, 2023, 2025)
    _close(world, mihon=2026, sogo=2023)


def changed_and_corrected(world: World) -> None:
    """Closed up to 2025, then changed in every dated way, and 2025 under correction in one plan."""
    _enter(world, 2023, 2025)
    _close(world, mihon=2025, sogo=2025)
    mihon, user = _plan("mihon"), world.planner
    kpi = Kpi.objects.select_related("project__strategy").get(project__code="P2", number=3)
    places.move_kpi(kpi, kpi.project, 6, user=user, reason=_REASON)
    targets.revise_target(kpi, Target(2026, Decimal(18)), user=user, reason=_REASON)
    period.change_period(mihon, first_year=2024, last_year=2030, user=user, reason=_REASON)
    rating_rules.revise_rating_rules(
        _plan("mihon"),
        effective_from=2026,
        rating_basis="achievement",
        bands=mihon.bands,
        average_cap=Decimal(100),
        user=user,
        reason=_REASON,
    )
    recording.begin_correction(
        _plan("mihon"), 2025, kind=CorrectionKind.ERROR, reason=_REASON, user=user
    )


OPENINGS: tuple[Callable[[World], None], ...] = (
    nothing_closed, one_plan_closed, first_years_closed, one_plan_ahead, changed_and_corrected,
)  # fmt: skip


def _plan(code: str) -> Strategy:
    return Strategy.objects.get(code=code)


def _enter(world: World, first_year: int, last_year: int) -> None:
    """Figures of all KPIs that are entered themselves, and the progress of all initiatives.

    Of those whose figures another plan has, every other one gets explanations of its own.
    """
    for plan in Strategy.objects.order_by("pk"):
        kpis = list(Kpi.objects.filter(project__strategy=plan).order_by("pk"))
        for year in (one for one in plan.years if first_year <= one <= last_year):
            stated = [(kpi, _stated(kpi, year)) for kpi in kpis]
            entered = [Change(kpi.pk, entry, 0) for kpi, entry in stated if entry is not None]
            recording.record_actuals(plan, year, entered, user=world.planner)
            progress = [
                Change(one.pk, ProgressEntry(InitiativeStatus.ONGOING, "進めた"), 0)
                for one in plan.initiatives.order_by("pk")
            ]
            recording.record_initiatives_progress(plan, year, progress, user=world.planner)


def _stated(kpi: Kpi, year: int) -> ActualEntry | None:
    if kpi.source is not None and year in kpi.source.project.strategy.years:
        return ActualEntry(ActualState.MISSING, analysis="分析") if kpi.number % 2 else None
    return ActualEntry(ActualState.FINAL, Decimal(_FIGURES[(kpi.number + year) % len(_FIGURES)]))


def _close(world: World, *, mihon: int, sogo: int) -> None:
    for plan, year in ((_plan("mihon"), mihon), (_plan("sogo"), sogo)):
        recording.close_years_through(plan, year, user=world.planner, reason=_REASON)
