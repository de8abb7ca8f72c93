"""The plan's years as the page of reports lists them: state, draft, editions, next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from kpis.series import KpiSeries, closed_years
from projects.models import Strategy
from reports.models import Edition, EditionFile


@dataclass(frozen=True, slots=True)
class ReportYearRow:
    """One fiscal year; of its `kpi_count` KPIs `entered` have a value, and so of its 数値目標.

    `editions` are the newest first.
    """

    fiscal_year: int
    is_closed: bool
    kpi_count: int
    entered: int
    editions: tuple[Edition, ...]
    goal_count: int = 0
    entered_goals: int = 0

    @property
    def is_begun(self) -> bool:
        """Whether there is anything to report of the year."""
        entered = self.entered or self.entered_goals
        return bool(self.is_closed or entered or self.editions)

    @property
    def next_number(self) -> int:
        """The number of the edition that would be issued now."""
        return self.editions[0].number + 1 if self.editions else 1


def year_rows(strategy: Strategy, series: Sequence[KpiSeries]) -> list[ReportYearRow]:
    """The plan's years, the newest first (three queries); `series` are all KPIs of the plan.

    Their editions have their files, without document and bytes.
    """
    closed = closed_years(strategy)
    kpis = [one for one in series if not one.definition.is_goal]
    goals = [one for one in series if one.definition.is_goal]
    editions: dict[int, list[Edition]] = {year: [] for year in strategy.years}
    files = EditionFile.objects.defer("content").order_by("id")
    issued = strategy.editions.defer("document").prefetch_related(Prefetch("files", files))
    for edition in issued.order_by("-fiscal_year", "-number"):
        editions.setdefault(edition.fiscal_year, []).append(edition)
    return [
        ReportYearRow(
            fiscal_year=year,
            is_closed=year in closed,
            kpi_count=sum(one.lives_in(year) for one in kpis),
            entered=sum(one.has_value(year) for one in kpis),
            goal_count=sum(one.lives_in(year) for one in goals),
            entered_goals=sum(one.has_value(year) for one in goals),
            editions=tuple(editions[year]),
        )
        for year in reversed(strategy.years)
    ]
