"""What a project's page shows: the project as if it were the whole plan, and a card a KPI.

Taken from a `StrategyProgress` that is loaded already; nothing here asks the database.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kpis.movement import Movements
from kpis.progress import ProjectProgress, StrategyProgress, standing_of
from projects.models import InitiativeStatus
from reports.charts.assessed import ChartPair, kpi_trend, project_chart
from reports.dashboard import OutlookCounts, dashboard_of
from reports.kpi_year import YearInFocus, year_in_focus
from reports.listed_initiatives import ListedInitiative


@dataclass(frozen=True, slots=True)
class KpiCard:
    """A KPI in the page's year, and its years as a small chart (SVG; empty without any)."""

    focus: YearInFocus
    trend: str


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """One project in one year; `narrowed` is the plan as if it had this project alone."""

    own: ProjectProgress
    narrowed: StrategyProgress
    outlook: OutlookCounts
    cards: tuple[KpiCard, ...]
    chart: ChartPair | None


@dataclass(frozen=True, slots=True)
class InitiativeCounts:
    """How many initiatives are at home in a project, by status, and how many it lists again.

    `by_status` leaves out what no initiative has; 未入力 comes last.
    """

    at_home: int
    relisted: int
    by_status: tuple[tuple[str, int], ...]


def project_page(progress: StrategyProgress, code: str) -> ProjectPage:
    """The page of the project with a code, which the plan must have."""
    narrowed = narrowed_to(progress, code)
    (own,) = narrowed.projects
    year = progress.fiscal_year
    return ProjectPage(
        own=own,
        narrowed=narrowed,
        outlook=dashboard_of(narrowed).outlook,
        cards=tuple(
            KpiCard(year_in_focus(one, year), kpi_trend(one, year)) for one in narrowed.series
        ),
        chart=project_chart(own.kpis, progress.rules, year),
    )


def narrowed_to(progress: StrategyProgress, code: str) -> StrategyProgress:
    """The same year as if the plan had one project alone, beside the year before."""
    (own,) = (one for one in progress.projects if one.code == code)
    previous = movements = None
    if progress.movements is not None:
        moved = [one for one in progress.movements.all if one.after.definition.project_code == code]
        movements = Movements(tuple(moved))
        previous = standing_of((one.before for one in moved), progress.rules)
    return replace(
        progress,
        projects=(own,),
        standing=own.standing,
        previous=previous,
        movements=movements,
        series=tuple(one for one in progress.series if one.definition.project_code == code),
    )


def initiative_counts(listings: Sequence[ListedInitiative]) -> InitiativeCounts:
    """The counts of a project's list; a re-listing counts at its home."""
    at_home = [one for one in listings if not one.listing.is_relisted]
    counts = Counter(one.progress.status if one.progress else "" for one in at_home)
    names = [*InitiativeStatus.choices, ("", "未入力")]
    return InitiativeCounts(
        at_home=len(at_home),
        relisted=len(listings) - len(at_home),
        by_status=tuple((label, counts[value]) for value, label in names if counts[value]),
    )
