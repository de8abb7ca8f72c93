"""Where a strategy stands in one fiscal year: every KPI, every project, and overall.

Loads one strategy in a constant number of queries and returns frozen values;
pages and reports only arrange them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis import achievement
from kpis.achievement import Absence
from kpis.assessment import KpiAssessment, PlanRules
from kpis.movement import Movements, movements_of, rating_rate
from kpis.series import KpiSeries, closed_years, load_series, opening_year, plan_rules
from projects.bands import Band
from projects.models import Project, ProjectKind, Strategy


@dataclass(frozen=True, slots=True)
class Standing:
    """Means, rating and counts of a group of KPIs in one fiscal year.

    Means are exact percentages of the KPIs that have a rate, each counted
    within 0…cap; None if none has. `by_band` counts every KPI once: under its
    band, or under None without a rating.
    """

    kpi_count: int
    achievement_mean: Fraction | None
    achievement_count: int
    progress_mean: Fraction | None
    progress_count: int
    rating: Band | None
    by_band: tuple[tuple[Band | None, int], ...]


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A project with its KPIs' assessments and its standing."""

    id: int
    code: str
    name: str
    kind: str
    pillar: str
    kpis: tuple[KpiAssessment, ...]
    standing: Standing

    @property
    def kind_label(self) -> str:
        """コアプロジェクト or 加速."""
        return ProjectKind(self.kind).label


@dataclass(frozen=True, slots=True)
class StrategyProgress:
    """The whole strategy in one fiscal year, beside the year before.

    `previous` is the standing one year earlier and `movements` what moved
    since; both None in the plan's first year.
    """

    rules: PlanRules
    fiscal_year: int
    closed_years: frozenset[int]
    projects: tuple[ProjectProgress, ...]
    standing: Standing
    previous: Standing | None
    movements: Movements | None
    series: tuple[KpiSeries, ...]

    @property
    def kpis(self) -> tuple[KpiAssessment, ...]:
        """All KPIs in printed order."""
        return tuple(kpi for project in self.projects for kpi in project.kpis)

    @property
    def is_closed(self) -> bool:
        """Whether this fiscal year is closed."""
        return self.fiscal_year in self.closed_years

    @property
    def behind(self) -> tuple[KpiAssessment, ...]:
        """KPIs rated in the lower half of the bands, worst first."""
        bands = self.rules.bands
        lower_half = bands[len(bands) // 2 :]
        rated = [kpi for kpi in self.kpis if kpi.rating in lower_half]
        return tuple(sorted(rated, key=lambda kpi: rating_rate(kpi, self.rules) or Fraction(0)))

    @property
    def without_rating(self) -> tuple[KpiAssessment, ...]:
        """KPIs without a rating, what nobody has entered first."""
        order = list(Absence)
        waiting = [kpi for kpi in self.kpis if kpi.rating is None]
        return tuple(
            sorted(waiting, key=lambda kpi: order.index(kpi.absence) if kpi.absence else 0)
        )


def load_progress(
    strategy: Strategy, fiscal_year: int | None = None, *, with_texts: bool = False
) -> StrategyProgress:
    """The strategy's progress in a year of its plan, or in the one a page opens on.

    `with_texts` also loads the explanations, which only the report prints.
    """
    series = load_series(strategy, with_texts=with_texts)
    closed = closed_years(strategy)
    year = fiscal_year if fiscal_year is not None else opening_year(strategy, series, closed)
    return assemble_progress(strategy, series, closed, year)


def assemble_progress(
    strategy: Strategy, series: Sequence[KpiSeries], closed: frozenset[int], fiscal_year: int
) -> StrategyProgress:
    """Group the assessments of one year by project (one query, for the projects)."""
    rules = plan_rules(strategy)
    by_project: dict[str, list[KpiAssessment]] = {}
    for one in series:
        by_project.setdefault(one.definition.project_code, []).append(one.assess(fiscal_year))
    projects = tuple(
        ProjectProgress(
            id=pk,
            code=code,
            name=name,
            kind=kind,
            pillar=pillar,
            kpis=tuple(by_project.get(code, ())),
            standing=standing_of(by_project.get(code, ()), rules),
        )
        for pk, code, name, kind, pillar in Project.objects.filter(strategy=strategy)
        .order_by("position", "code")
        .values_list("id", "code", "name", "kind", "pillar__name")
    )
    previous = movements = None
    if fiscal_year > rules.first_year:
        before = [one.assess(fiscal_year - 1) for one in series]
        previous = standing_of(before, rules)
        now = [kpi for project in projects for kpi in project.kpis]
        movements = movements_of(before, now, rules)
    return StrategyProgress(
        rules=rules,
        fiscal_year=fiscal_year,
        closed_years=closed,
        projects=projects,
        standing=standing_of((kpi for project in projects for kpi in project.kpis), rules),
        previous=previous,
        movements=movements,
        series=tuple(series),
    )


def standing_of(kpis: Iterable[KpiAssessment], rules: PlanRules) -> Standing:
    """Means, rating and counts of some KPIs."""
    assessed = list(kpis)
    achievements = [kpi.achievement for kpi in assessed if kpi.achievement is not None]
    progresses = [kpi.progress for kpi in assessed if kpi.progress is not None]
    achievement_mean = achievement.mean(achievements, rules.average_cap)
    progress_mean = achievement.mean(progresses, rules.average_cap)
    rated = progress_mean if rules.rating_basis == "progress" else achievement_mean
    counts = Counter(kpi.rating.symbol if kpi.rating else "" for kpi in assessed)
    return Standing(
        kpi_count=len(assessed),
        achievement_mean=achievement_mean,
        achievement_count=len(achievements),
        progress_mean=progress_mean,
        progress_count=len(progresses),
        rating=achievement.rating(rated, rules.bands),
        by_band=(*((band, counts[band.symbol]) for band in rules.bands), (None, counts[""])),
    )
