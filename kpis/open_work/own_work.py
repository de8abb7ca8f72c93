"""What somebody's own departments have still to enter, for the first page they see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from common.fiscal_year import fiscal_year_of
from kpis.open_work.deadlines import deadline_of, deadline_text
from kpis.permissions import User, may_record_any, may_record_own
from kpis.series import KpiSeries
from projects.models import Department, Strategy


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The year that is due, how many KPIs are one's own and open, and the deadline in words."""

    fiscal_year: int
    kpis: int
    waiting: int
    deadline: str


def due_year(strategy: Strategy, closed: Collection[int], today: date) -> int:
    """The year whose actuals are due: the last that has ended, or the next still open."""
    ended = fiscal_year_of(today) - 1
    due = min(max(ended, strategy.first_year), strategy.last_year)
    return min((year for year in strategy.years if year >= due and year not in closed), default=due)


def own_work(
    user: User,
    strategy: Strategy,
    series: Iterable[KpiSeries],
    closed: Collection[int],
    today: date,
) -> OwnWork | None:
    """A department editor's open work; None for who has no department's KPIs to record."""
    departments = set(Department.objects.filter(members=user.pk).values_list("id", flat=True))
    year = due_year(strategy, closed, today)
    # What is entered in another plan is that plan's work.
    own = [
        one for one in series if one.definition.department_id in departments and not one.takes(year)
    ]
    if not own or not may_record_own(user, strategy) or may_record_any(user, strategy):
        return None
    waiting = sum(year not in one.measurements for one in own)
    return OwnWork(
        fiscal_year=year,
        kpis=len(own),
        waiting=waiting,
        deadline=deadline_text(deadline_of(strategy, year), today, waiting=waiting),
    )
