"""What is still open in a fiscal year that is about to be closed, and what closed it before."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from common.fiscal_year import fiscal_year_of
from kpis.lookup import projects_in
from kpis.open_work.by_department import DepartmentOverview, KpiLine, load_overview
from kpis.series import closed_years
from projects.models import FiscalYearClosing, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """What a person should know before a year is closed; nothing of it forbids closing.

    `shared_open` are KPIs whose figure another plan has not finally entered yet.
    """

    figures: DepartmentOverview
    shared_open: tuple[KpiLine, ...]
    without_review: tuple[tuple[str, str], ...]
    earlier_open_years: tuple[int, ...]
    is_over: bool

    @property
    def is_complete(self) -> bool:
        """Whether everything is final or has its reason, and every text is there."""
        figures = self.figures
        return not (
            figures.missing
            or figures.pending
            or figures.provisional
            or figures.without_progress
            or self.shared_open
            or self.without_review
        )


@dataclass(frozen=True, slots=True)
class ClosingEvent:
    """One closing or reopening of a year; `by` is empty where the account is gone.

    `is_correction` says that it began or ended a correction.
    """

    is_closing: bool
    at: datetime
    by: str
    reason: str
    is_correction: bool = False


def check_closing(strategy: Strategy, fiscal_year: int) -> ClosingCheck:
    """What is open in a year, in seven queries."""
    closed = closed_years(strategy)
    reviewed = set(
        ProjectReview.objects.filter(project__strategy=strategy, fiscal_year=fiscal_year)
        .exclude(summary="", external_opinion="")
        .values_list("project_id", flat=True)
    )
    projects = projects_in(strategy, fiscal_year).order_by("position", "code")
    overview = load_overview(strategy, fiscal_year)
    return ClosingCheck(
        overview.total,
        overview.shared_open,
        tuple(
            (code, name)
            for project, code, name in projects.values_list("id", "code", "name")
            if project not in reviewed
        ),
        tuple(year for year in strategy.years if year < fiscal_year and year not in closed),
        is_over=fiscal_year < fiscal_year_of(timezone.localdate()),
    )


def closing_events(strategy: Strategy, fiscal_year: int) -> list[ClosingEvent]:
    """A year's closings and reopenings, newest first; one query."""
    events = FiscalYearClosing.history.filter(
        strategy=strategy, fiscal_year=fiscal_year, history_type__in="+-"
    ).order_by("-history_id")
    rows = events.values_list(
        "history_type", "history_date", "acted_by", "history_change_reason", "correction"
    )
    return [
        ClosingEvent(kind == "+", at, by, reason or "", correction is not None)
        for kind, at, by, reason, correction in rows
    ]
