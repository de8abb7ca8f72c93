"""Where a strategy stands in one fiscal year: every KPI, every project, and overall.

Loads one strategy in a constant number of queries and returns frozen values;
pages and reports only arrange them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from kpis import achievement
from kpis.achievement import Absence
from kpis.assessment import KpiAssessment, PlanRules
from kpis.models import Kpi
from kpis.series import KpiSeries, closed_years, load_series, opening_year, plan_rules
from projects.bands import Band
from projects.models import Project, Strategy


@dataclass(frozen=True, slots=True)
class Standing:
    """Means, rating and counts of a group of KPIs in one fiscal year.

    Means are exact percentages of the KPIs that have a rate, each counted
    within 0…cap; None if none has. `rating_rate` is the mean that the rating is
    read from. `by_band` counts every KPI once: under its band, or under None
    without a rating.
    """

    kpi_count: int
    achievement_mean: Fraction | None
    achievement_count: int
    progress_mean: Fraction | None
    progress_count: int
    rating_rate: Fraction | None
    rating: Band | None
    by_band: tuple[tuple[Band | None, int], ...]


@dataclass(frozen=True)
class Movement:
    """One KPI in the year before and in this year."""

    before: KpiAssessment
    after: KpiAssessment

    @cached_property
    def direction(self) -> str:
        """Where its rating went: up, down or same; empty where one of the years has none."""
        if self.before.rating is None or self.after.rating is None:
            return ""
        bands = self.after.bands
        was, now = bands.index(self.before.rating), bands.index(self.after.rating)
        return "same" if was == now else "up" if now < was else "down"


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """A project with its KPIs, and its standing in the year in question and those before.

    A year's standing is worked out when it is first asked for.
    """

    project: Project
    series: tuple[KpiSeries, ...]
    rules: PlanRules
    fiscal_year: int
    _standings: dict[int, Standing] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def standing(self) -> Standing:
        """Where the project stands in the year in question."""
        return self._standing_in(self.fiscal_year)

    @property
    def previous(self) -> Standing | None:
        """Where it stood one year earlier, None in the plan's first year."""
        if self.fiscal_year == self.rules.first_year:
            return None
        return self._standing_in(self.fiscal_year - 1)

    @property
    def years(self) -> tuple[Standing, ...]:
        """Where it stood in each year, from the plan's first to the one in question."""
        years = range(self.rules.first_year, self.fiscal_year + 1)
        return tuple(self._standing_in(year) for year in years)

    def _standing_in(self, fiscal_year: int) -> Standing:
        if fiscal_year not in self._standings:
            kpis = (one.assess(fiscal_year) for one in self.series)
            self._standings[fiscal_year] = standing_of(kpis, self.rules)
        return self._standings[fiscal_year]


@dataclass(frozen=True, slots=True)
class StrategyProgress:
    """A strategy, or one project of it, in one fiscal year, beside the year before.

    `series` and `kpis`, in that year, are in printed order. `previous` is the
    standing one year earlier and `movements` each KPI beside itself in that year;
    both None in the plan's first year.
    """

    rules: PlanRules
    fiscal_year: int
    closed_years: frozenset[int]
    series: tuple[KpiSeries, ...]
    kpis: tuple[KpiAssessment, ...]
    projects: tuple[ProjectProgress, ...]
    standing: Standing
    previous: Standing | None
    movements: tuple[Movement, ...] | None

    @property
    def moved(self) -> tuple[Movement, ...]:
        """The KPIs whose rating rose or fell since the year before, in printed order."""
        return tuple(one for one in self.movements or () if one.direction in ("up", "down"))

    @property
    def behind(self) -> tuple[KpiAssessment, ...]:
        """KPIs rated in the lower half of the bands, worst first."""
        bands = self.rules.bands
        lower_half = bands[len(bands) // 2 :]
        rated = [kpi for kpi in self.kpis if kpi.rating in lower_half]
        return tuple(sorted(rated, key=lambda kpi: kpi.rating_rate or Fraction(0)))

    @property
    def without_rating(self) -> tuple[KpiAssessment, ...]:
        """KPIs without a rating, what nobody has entered first."""
        order = list(Absence)
        waiting = [kpi for kpi in self.kpis if kpi.rating is None]
        return tuple(
            sorted(waiting, key=lambda kpi: order.index(kpi.absence) if kpi.absence else 0)
        )


def load_progress(
    strategy: Strategy,
    fiscal_year: int | None = None,
    *,
    project: Project | None = None,
    with_texts: bool = False,
) -> StrategyProgress:
    """The strategy's progress in a year of its plan, or in the one a page opens on.

    With a `project` only that one is loaded, as if the plan had no other.
    `with_texts` also loads the explanations, which only the report prints.
    """
    own = None if project is None else Kpi.objects.filter(project=project)
    series = tuple(load_series(strategy, own, with_texts=with_texts))
    closed = closed_years(strategy)
    if fiscal_year is None:
        fiscal_year = opening_year(strategy, series if project is None else None, closed)
    rules = plan_rules(strategy)
    kpis = tuple(one.assess(fiscal_year) for one in series)
    previous = movements = None
    if fiscal_year > rules.first_year:
        movements = tuple(
            Movement(one.assess(fiscal_year - 1), kpi)
            for one, kpi in zip(series, kpis, strict=True)
        )
        previous = standing_of((one.before for one in movements), rules)
    return StrategyProgress(
        rules=rules,
        fiscal_year=fiscal_year,
        closed_years=closed,
        series=series,
        kpis=kpis,
        projects=_projects(strategy, project, series, rules, fiscal_year),
        standing=standing_of(kpis, rules),
        previous=previous,
        movements=movements,
    )


def _projects(
    strategy: Strategy,
    project: Project | None,
    series: Iterable[KpiSeries],
    rules: PlanRules,
    fiscal_year: int,
) -> tuple[ProjectProgress, ...]:
    """The projects with their KPIs, in printed order; one query unless there is one project."""
    own: dict[str, list[KpiSeries]] = defaultdict(list)
    for one in series:
        own[one.definition.project_code].append(one)
    projects = (
        strategy.projects.select_related("pillar").order_by("position", "code")
        if project is None
        else [project]
    )
    return tuple(
        ProjectProgress(each, tuple(own[each.code]), rules, fiscal_year) for each in projects
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
        rating_rate=rated,
        rating=achievement.rating(rated, rules.bands),
        by_band=(*((band, counts[band.symbol]) for band in rules.bands), (None, counts[""])),
    )
