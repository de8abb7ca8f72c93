"""What became of a plan over its period: final rates, and which final targets were reached.

Pure, and made of the assessments alone. Source of the rules: docs/domain.md, The period.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kpis.assessment import KpiAssessment
from kpis.progress import Standing, StrategyProgress, standing_in, standing_of
from kpis.series import KpiSeries
from kpis.targets import Outcome, is_reached


@dataclass(frozen=True, slots=True)
class FinalKpi:
    """A KPI in the last year of its life, and in each of the plan's (None: it did not live)."""

    last: KpiAssessment
    years: tuple[KpiAssessment | None, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether the final target was reached; unknown where the 達成率 can't be computed."""
        target, value = self.last.target, self.last.value
        if self.last.achievement is None or target is None or value is None:
            return Outcome.UNKNOWN
        is_met = is_reached(value, target, self.last.definition.direction)
        return Outcome.REACHED if is_met else Outcome.MISSED


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """The whole period: where the plan stood in each year, and how each KPI came out.

    `goals` are its 数値目標, which are in no count of the KPIs.
    """

    standings: tuple[Standing, ...]
    kpis: tuple[FinalKpi, ...]
    goals: tuple[FinalKpi, ...] = ()

    def of(self, outcome: Outcome) -> tuple[FinalKpi, ...]:
        """The KPIs that came out so, in printed order."""
        return tuple(one for one in self.kpis if one.outcome is outcome)

    @property
    def reached(self) -> tuple[FinalKpi, ...]:
        """Those that reached their final target."""
        return self.of(Outcome.REACHED)

    @property
    def missed(self) -> tuple[FinalKpi, ...]:
        """Those that did not."""
        return self.of(Outcome.MISSED)

    @property
    def unknown(self) -> tuple[FinalKpi, ...]:
        """Those of which nobody can say."""
        return self.of(Outcome.UNKNOWN)


def plan_outcome(progress: StrategyProgress) -> PlanOutcome | None:
    """The outcome as it stands in the plan's last year; None in any other year.

    KPIs that ended before it come last, as they were in the last year of their life.
    """
    if not progress.is_final or not (progress.ever or progress.goals_ever):
        return None
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    return PlanOutcome(
        standings=tuple(_standing(progress, year) for year in years),
        kpis=_finals(progress.series, progress.ever, years),
        goals=_finals(progress.goal_series, progress.goals_ever, years),
    )


def _finals(
    living: Sequence[KpiSeries], ever: Sequence[KpiSeries], years: range
) -> tuple[FinalKpi, ...]:
    """How those that live in the last year came out, and behind them those that had ended."""
    in_the_end = {one.definition.id for one in living}
    ended = (one for one in ever if one.definition.id not in in_the_end)
    finals = (_final(one, years) for one in [*living, *ended])
    return tuple(one for one in finals if one is not None)


def _standing(progress: StrategyProgress, year: int) -> Standing:
    kpis = standing_in(progress.ever, year)
    return standing_of((one.assess(year) for one in kpis), progress.rules.in_year(year))


def _final(series: KpiSeries, years: range) -> FinalKpi | None:
    """A KPI as it came out; None for one that never lived in these years."""
    assessed = tuple(series.assess(year) if series.lives_in(year) else None for year in years)
    lived = [one for one in assessed if one is not None]
    return FinalKpi(lived[-1], assessed) if lived else None
