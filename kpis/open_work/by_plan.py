"""What is still to be entered over several plans, each in its year that is due.

Six queries whatever the number of plans and their size.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from common.fiscal_year import fiscal_year_of
from kpis.open_work.by_department import DepartmentOverview, YearOverview, load_overviews
from kpis.open_work.deadlines import deadline_text, due_year
from projects.models import EntryDeadline, FiscalYearClosing, Strategy


@dataclass(frozen=True, slots=True)
class PlanWork:
    """One plan's due year: what is in it, whether it has ended, and the deadline in words."""

    strategy: Strategy
    fiscal_year: int
    has_ended: bool
    due_on: date | None
    deadline: str
    overview: YearOverview

    @property
    def total(self) -> DepartmentOverview:
        """All that was asked for."""
        return self.overview.total

    @property
    def is_open(self) -> bool:
        """Whether something of a year that has ended is not entered."""
        total = self.total
        return self.has_ended and bool(
            total.missing or total.without_progress or total.related_missing or total.unproposed
        )


def work_in_plans(
    plans: Iterable[Strategy], today: date, departments: Collection[int] | None = None
) -> list[PlanWork]:
    """What some departments (by id), or all, have in each plan; plans where it is nothing, not.

    What is due first comes first; behind what has a deadline what has none, and last the plans
    whose year has not ended yet.
    """
    plans = list(plans)
    years = _due_years(plans, today)
    deadlines = {
        (plan, year): due_on
        for plan, year, due_on in EntryDeadline.objects.filter(strategy__in=plans).values_list(
            "strategy_id", "fiscal_year", "due_on"
        )
    }
    found = [
        _work(plan, years[plan], deadlines.get((plan.pk, years[plan])), overview, today)
        for plan, overview in load_overviews(years, departments).items()
        if overview.departments
    ]
    return sorted(found, key=lambda one: (not one.has_ended, one.due_on or date.max))


def _due_years(plans: list[Strategy], today: date) -> dict[Strategy, int]:
    closed: defaultdict[int, set[int]] = defaultdict(set)
    closings = FiscalYearClosing.objects.filter(strategy__in=plans)
    for plan, year in closings.values_list("strategy_id", "fiscal_year"):
        closed[plan].add(year)
    return {plan: due_year(plan, closed[plan.pk], today) for plan in plans}


def _work(
    plan: Strategy, fiscal_year: int, due_on: date | None, overview: YearOverview, today: date
) -> PlanWork:
    total = overview.total
    open_ones = (total.missing, total.without_progress, total.related_missing, total.unproposed)
    waiting = sum(map(len, open_ones))
    return PlanWork(
        plan,
        fiscal_year,
        fiscal_year < fiscal_year_of(today),
        due_on,
        deadline_text(due_on, today, waiting=waiting),
        overview,
    )
