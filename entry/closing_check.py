"""What is still open in a fiscal year that is about to be closed, and what closed it before."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from common.fiscal_year import fiscal_year_of
from kpis.lookup import projects_in
from kpis.open_work.by_department import DepartmentOverview, load_overview
from kpis.open_work.lines import KpiLine
from kpis.plan_rules import plan_rules
from kpis.series import closed_years
from projects.models import FiscalYearClosing, Project, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """What a person should know before a year is closed; nothing of it forbids closing.

    `shared_open` are KPIs whose figure another plan has not finally entered yet, `without_rating`
    projects that people rate, and have not yet.
    """

    figures: DepartmentOverview
    shared_open: tuple[KpiLine, ...]
    without_review: tuple[Project, ...]
    without_rating: tuple[Project, ...]
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
            or figures.undecided
            or self.shared_open
            or self.without_rating
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
    """What is open in a year, in nine queries."""
    closed = closed_years(strategy)
    reviews = ProjectReview.objects.filter(project__strategy=strategy, fiscal_year=fiscal_year)
    found = reviews.values_list("project_id", "summary", "external_opinion", "rating_place")
    reviewed = {project for project, *texts, _place in found if any(texts)}
    scale = plan_rules(strategy).in_year(fiscal_year).project_scale
    rated = {project for project, *_texts, place in found if scale.at(place) is not None}
    ordered = projects_in(strategy, fiscal_year).order_by("position", "code")
    projects = list(ordered)
    overview = load_overview(strategy, fiscal_year)
    return ClosingCheck(
        overview.total,
        overview.shared_open,
        tuple(project for project in projects if project.pk not in reviewed),
        tuple(project for project in projects if project.pk not in rated)
        if scale.is_by_people
        else (),
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
