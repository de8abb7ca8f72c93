"""What somebody's own departments have still to enter, for the first page they see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from kpis.models import Kpi
from kpis.open_work.by_plan import work_in_plans
from kpis.open_work.deadlines import deadline_of, deadline_text, due_year
from kpis.permissions import User, may_record_any, may_record_own
from kpis.series import KpiSeries
from projects.models import Department, Strategy


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The year that is due, how many KPIs are one's own and open, and the deadline in words.

    One's own are those of one's departments, as 所管課 or as 関係課; `related` is how many of the
    open ones are the latter, `unproposed` how many ratings one's departments have still to propose
    as 所管課. `elsewhere` is the number of other plans in which something of one's
    own is open.
    """

    fiscal_year: int
    kpis: int
    waiting: int
    deadline: str
    elsewhere: int
    related: int = 0
    unproposed: int = 0


def own_work(
    user: User,
    plans: Iterable[Strategy],
    strategy: Strategy,
    series: Iterable[KpiSeries],
    closed: Collection[int],
    today: date,
) -> OwnWork | None:
    """A department editor's open work in a plan, and whether there is some in others.

    None for who has no department's KPIs to record, here or elsewhere. `plans` are those that
    the user sees.
    """
    departments = own_departments(user)
    recorded = plans_to_record(user, plans) if departments else []
    year = due_year(strategy, closed, today)
    beside = _related(departments) if strategy in recorded else set()
    own = [
        one
        for one in series
        if strategy in recorded
        and (one.definition.department_id in departments or one.definition.id in beside)
        # What is entered in another plan is that plan's work.
        and not one.takes(year)
        and one.lives_in(year)
    ]
    found = work_in_plans(recorded, today, departments)
    elsewhere = sum(one.is_open for one in found if one.strategy != strategy)
    unproposed = sum(len(one.total.unproposed) for one in found if one.strategy == strategy)
    if not own and not elsewhere and not unproposed:
        return None
    open_ones = [one.definition for one in own if year not in one.measurements]
    waiting = len(open_ones)
    return OwnWork(
        fiscal_year=year,
        kpis=len(own),
        waiting=waiting,
        deadline=deadline_text(deadline_of(strategy, year), today, waiting=waiting + unproposed),
        elsewhere=elsewhere,
        unproposed=unproposed,
        related=sum(one.department_id not in departments for one in open_ones),
    )


def _related(departments: Collection[int]) -> set[int]:
    """The KPIs whose 関係課 some departments are, by id (one query)."""
    links = Kpi.related_departments.through.objects.filter(department__in=departments)
    return set(links.values_list("kpi_id", flat=True))


def own_departments(user: User) -> set[int]:
    """The departments whose member the user is, by id."""
    return set(Department.objects.filter(members=user.pk).values_list("id", flat=True))


def plans_to_record(user: User, plans: Iterable[Strategy]) -> list[Strategy]:
    """The running plans in which the user records for their own departments alone."""
    return [
        one
        for one in plans
        if one.is_running and may_record_own(user, one) and not may_record_any(user, one)
    ]
