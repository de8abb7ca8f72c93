"""What the dashboard shows beside the standing: the KPIs year by year, and where they are heading.

Everything is taken from a `StrategyProgress` that is loaded already; nothing here asks the
database.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kpis.assessment import KpiAssessment
from kpis.progress import StrategyProgress
from kpis.series import KpiSeries

# With more KPIs than this the dashboard leaves their table to the page of all KPIs.
MOST_KPIS = 40


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


def kpi_years(
    progress: StrategyProgress,
) -> list[tuple[KpiAssessment, list[KpiAssessment | None]]]:
    """Each KPI in the page's year, and in every year up to it, None for one before it began.

    None at all with more than `MOST_KPIS`.
    """
    if len(progress.series) > MOST_KPIS:
        return []
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    return [
        (kpi, [one.assess(year) if one.lives_in(year) else None for year in years])
        for one, kpi in zip(progress.series, progress.kpis, strict=True)
    ]


def outlook_counts(progress: StrategyProgress) -> OutlookCounts:
    """The outlook of all KPIs as seen from the page's year."""
    return _counts(progress, progress.series)


def goal_outlook_counts(progress: StrategyProgress) -> OutlookCounts:
    """The same of the 数値目標."""
    return _counts(progress, progress.goal_series)


def _counts(progress: StrategyProgress, series: Sequence[KpiSeries]) -> OutlookCounts:
    outlooks = [one.outlook(progress.fiscal_year) for one in series]
    reaches = [outlook.reaches if outlook else None for outlook in outlooks]
    return OutlookCounts(
        reached=reaches.count(True),
        missed=reaches.count(False),
        unknown=reaches.count(None),
        is_final=progress.is_final,
    )
