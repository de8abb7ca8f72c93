"""The 数値目標 of pillars and of the plan as pages show them, apart from projects and KPIs.

Everything is taken from a `StrategyProgress` that is loaded already; nothing here asks the
database.
"""

from dataclasses import dataclass

from kpis.achievement import Absence
from kpis.assessment import KpiAssessment
from kpis.progress import StrategyProgress
from kpis.series import KpiSeries
from projects.goals import GOALS
from projects.models import Project
from reports.charts.assessed import kpi_trend
from reports.dashboard_figures import OutlookCounts, goal_outlook_counts
from reports.kpi_year import KpiYear


@dataclass(frozen=True, slots=True)
class Goal:
    """One 数値目標: its year, and every year up to it, None for one before it began."""

    kpi_year: KpiYear
    years: tuple[KpiAssessment | None, ...]

    @property
    def trend(self) -> str:
        """Its years as a small chart, inline SVG; empty while none is recorded."""
        return kpi_trend(self.kpi_year.series, self.kpi_year.fiscal_year)


@dataclass(frozen=True, slots=True)
class GoalGroup:
    """The 数値目標 of one pillar, or of the whole plan."""

    holder: Project
    goals: tuple[Goal, ...]

    @property
    def name(self) -> str:
        """`しごとの創生の数値目標`."""
        return str(self.holder.name)


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """All 数値目標 of a year, with the sentence that says how they stand."""

    groups: tuple[GoalGroup, ...]
    outlook: OutlookCounts
    sentence: str
    measured: int
    total: int


def goal_figures(progress: StrategyProgress) -> GoalFigures | None:
    """The 数値目標 of the page's year; None for a plan that has none then."""
    if not progress.goals:
        return None
    outlook = goal_outlook_counts(progress)
    return GoalFigures(
        groups=tuple(
            GoalGroup(holder.project, tuple(_goal(one, progress) for one in holder.series))
            for holder in progress.goals
        ),
        outlook=outlook,
        sentence=goals_sentence(progress) + _outlook_sentence(progress, outlook),
        measured=sum(_is_measured(kpi) for kpi in progress.goal_kpis),
        total=len(progress.goal_kpis),
    )


def goals_sentence(progress: StrategyProgress) -> str:
    """「数値目標3件のうち、2件が「順調」です。…」: counts by rating, and what has no value yet."""
    kpis = progress.goal_kpis
    if not kpis:
        return ""
    rated = [(band, count) for band, count in progress.goal_standing.by_band if band and count]
    missing = [kpi for kpi in kpis if not _is_measured(kpi)]
    waiting = f"値がまだないものが{len(missing)}件あります。" if missing else ""
    whole = f"{GOALS}{len(kpis)}件"
    if len(missing) == len(kpis):
        return f"{whole}のどれにも、この年度の値はまだありません。"
    if not rated:
        has_all = f"{whole}のすべてに、この年度の値があります。"
        return f"{whole}のうち、{waiting}" if missing else has_all
    if len(rated) == 1 and rated[0][1] == len(kpis):
        return f"{whole}のすべてが「{rated[0][0].name}」です。"
    counts = "、".join(f"{count}件が「{band.name}」" for band, count in rated)
    return f"{whole}のうち、{counts}です。{waiting}"


def _outlook_sentence(progress: StrategyProgress, outlook: OutlookCounts) -> str:
    known = outlook.reached + outlook.missed
    if not known:
        return ""
    of_all = "" if known == outlook.total else f"推計できる{known}件のうち"
    return f"このまま進むと、{of_all}{outlook.reached}件が最終目標に届く見込みです。"


def _is_measured(kpi: KpiAssessment) -> bool:
    return kpi.absence not in (Absence.MISSING, Absence.PENDING, Absence.UNMEASURED)


def _goal(series: KpiSeries, progress: StrategyProgress) -> Goal:
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    assessed = (series.assess(year) if series.lives_in(year) else None for year in years)
    return Goal(KpiYear(series, progress.fiscal_year), tuple(assessed))
