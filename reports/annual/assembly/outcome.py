"""The 総括 of the whole period, as the report of the plan's last year has it."""

from kpis.achievement import NOTHING, as_decimal
from kpis.assessment import KpiAssessment
from kpis.outcome import FinalKpi, plan_outcome
from kpis.progress import StrategyProgress
from kpis.target_text import target_in_column
from projects.bands import lower_bounds
from reports.annual.assembly.standings import plan_standing, rating_of
from reports.annual.document import ReportFinalKpi, ReportOutcome


def outcome_of(progress: StrategyProgress) -> ReportOutcome | None:
    """What became of the plan; None in any year but its last."""
    found = plan_outcome(progress)
    if found is None:
        return None
    years = range(progress.rules.first_year, progress.fiscal_year + 1)
    return ReportOutcome(
        standings=tuple(
            plan_standing(standing, progress.rules.in_year(year))
            for year, standing in zip(years, found.standings, strict=True)
        ),
        kpis=tuple(map(_kpi, found.kpis)),
        goals=tuple(map(_kpi, found.goals)),
    )


def _kpi(kpi: FinalKpi) -> ReportFinalKpi:
    last = kpi.last
    symbol, label = rating_of(last.rating)
    return ReportFinalKpi(
        code=last.definition.code,
        name=last.definition.name,
        unit=last.definition.unit,
        decimal_places=last.definition.decimal_places,
        fiscal_year=last.fiscal_year,
        value=last.value,
        final_target=last.final_target,
        achievement=as_decimal(last.achievement),
        rating_symbol=symbol,
        rating_label=label,
        absence_label=last.absence.label if last.absence else "",
        ratings=tuple(map(_mark, kpi.years)),
        outcome=kpi.outcome.value,
        target_text=target_in_column(
            last.target, last.definition.direction, decimals=last.definition.decimal_places
        ),
        value_words=last.value_words,
        own_bounds=() if last.scale == last.rules.scale else lower_bounds(last.bands),
    )


def _mark(year: KpiAssessment | None) -> str:
    if year is None:
        return ""
    return year.rating.short if year.rating else NOTHING
