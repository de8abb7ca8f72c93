"""What the dashboard shows beside the standing: ratings by year, and where things are heading.

Everything is taken from a `StrategyProgress` that is loaded already; nothing here asks the
database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.movement import rating_rate
from kpis.outlook import outlook_of
from kpis.progress import ProjectProgress, Standing, StrategyProgress, standing_of
from projects.bands import Band

# With more KPIs than this the dashboard leaves their table to the page of all KPIs.
MOST_KPIS = 40


@dataclass(frozen=True, slots=True)
class YearCell:
    """One year of a row: its rating and the rate behind it (percent, exact).

    `absence` says why a KPI has no rating. A year after the page's own
    `is_to_come` and has nothing else.
    """

    fiscal_year: int
    rating: Band | None = None
    rate: Fraction | None = None
    absence: Absence | None = None
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project beside itself in the year before (None in the first), with a cell a year."""

    project: ProjectProgress
    previous: Standing | None
    cells: tuple[YearCell, ...]


@dataclass(frozen=True, slots=True)
class KpiRow:
    """A KPI with a cell a year."""

    kpi: KpiAssessment
    cells: tuple[YearCell, ...]


@dataclass(frozen=True, slots=True)
class OutlookCounts:
    """How many KPIs will reach their final target if things go on as they have: an estimate.

    `unknown` are those without an estimate. In the plan's last year there is
    nothing left to estimate, and `is_final` is true.
    """

    reached: int
    missed: int
    unknown: int
    is_final: bool

    @property
    def total(self) -> int:
        """All KPIs."""
        return self.reached + self.missed + self.unknown


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The rows of the dashboard's tables, and the outlook."""

    projects: tuple[ProjectRow, ...]
    kpis: tuple[KpiRow, ...]
    outlook: OutlookCounts


def dashboard_of(progress: StrategyProgress) -> Dashboard:
    """The tables of a year; `kpis` is empty where there are more than `MOST_KPIS`."""
    rules = progress.rules
    codes = [kpi.definition.project_code for kpi in progress.kpis]
    by_year = {
        year: _by_project(codes, _assessed(progress, year))
        for year in rules.years
        if year <= progress.fiscal_year
    }
    return Dashboard(
        projects=tuple(_project_row(project, progress, by_year) for project in progress.projects),
        kpis=_kpi_rows(progress, by_year) if len(codes) <= MOST_KPIS else (),
        outlook=_outlook(progress),
    )


_ByProject = dict[str, list[KpiAssessment]]


def _assessed(progress: StrategyProgress, year: int) -> Sequence[KpiAssessment]:
    """All KPIs in one year, in the order of the page's own year; what is assessed is used again."""
    if year == progress.fiscal_year:
        return progress.kpis
    if year == progress.fiscal_year - 1 and progress.movements is not None:
        return [one.before for one in progress.movements.all]
    series = {one.definition.id: one for one in progress.series}
    return [series[kpi.definition.id].assess(year) for kpi in progress.kpis]


def _by_project(codes: Sequence[str], kpis: Iterable[KpiAssessment]) -> _ByProject:
    grouped: _ByProject = {}
    for code, kpi in zip(codes, kpis, strict=True):
        grouped.setdefault(code, []).append(kpi)
    return grouped


def _project_row(
    project: ProjectProgress, progress: StrategyProgress, by_year: dict[int, _ByProject]
) -> ProjectRow:
    rules = progress.rules
    previous = None
    cells = []
    for year in rules.years:
        if year > progress.fiscal_year:
            cells.append(YearCell(year, is_to_come=True))
            continue
        is_own = year == progress.fiscal_year
        standing = (
            project.standing if is_own else standing_of(by_year[year].get(project.code, ()), rules)
        )
        if year == progress.fiscal_year - 1:
            previous = standing
        is_progress = rules.rating_basis == "progress"
        mean = standing.progress_mean if is_progress else standing.achievement_mean
        cells.append(YearCell(year, standing.rating, mean))
    return ProjectRow(project, previous, tuple(cells))


def _kpi_rows(progress: StrategyProgress, by_year: dict[int, _ByProject]) -> tuple[KpiRow, ...]:
    rules = progress.rules
    cells: dict[int, list[YearCell]] = {kpi.definition.id: [] for kpi in progress.kpis}
    for year in rules.years:
        if year > progress.fiscal_year:
            for row in cells.values():
                row.append(YearCell(year, is_to_come=True))
            continue
        for kpis in by_year[year].values():
            for kpi in kpis:
                cells[kpi.definition.id].append(
                    YearCell(year, kpi.rating, rating_rate(kpi, rules), kpi.absence)
                )
    return tuple(KpiRow(kpi, tuple(cells[kpi.definition.id])) for kpi in progress.kpis)


def _outlook(progress: StrategyProgress) -> OutlookCounts:
    measurements = {one.definition.id: one.measurements for one in progress.series}
    outlooks = [
        outlook_of(kpi, progress.rules, measurements[kpi.definition.id]) for kpi in progress.kpis
    ]
    reaches = [outlook.reaches if outlook else None for outlook in outlooks]
    return OutlookCounts(
        reached=reaches.count(True),
        missed=reaches.count(False),
        unknown=reaches.count(None),
        is_final=progress.fiscal_year >= progress.rules.last_year,
    )
