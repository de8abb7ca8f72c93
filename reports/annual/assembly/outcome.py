"""The 総括 of the whole period, as the report of the plan's last year has it."""

from kpis.achievement import NOTHING, as_decimal
from kpis.assessment import KpiAssessment
from kpis.outcome import FinalKpi, plan_outcome
from kpis.progress import StrategyProgress
from kpis.target_text import target_in_column
from reports.annual.assembly.standings import report_standing
from reports.annual.document import ReportFinalKpi, ReportOutcome


def outcome_of(progress: StrategyProgress) -> ReportOutcome | None:
    """What became of the plan; None in any year but its last."""
    found = plan_outcome(progress)
    if found is None:
        return None
    return ReportOutcome(
        standings=tuple(map(report_standing, found.standings)),
        kpis=tuple(map(_kpi, found.kpis)),
        goals=tuple(map(_kpi, found.goals)),
    )


def _kpi(kpi: FinalKpi) -> ReportFinalKpi:
    last = kpi.last
    return ReportFinalKpi(
        code=last.definition.code,
        name=last.definition.name,
        unit=last.definition.unit,
        decimal_places=last.definition.decimal_places,
        fiscal_year=last.fiscal_year,
        value=last.value,
        final_target=last.final_target,
        achievement=as_decimal(last.achievement),
        rating_symbol=last.rating.symbol if last.rating else "",
        rating_label=last.rating.label if last.rating else "",
        absence_label=last.absence.label if last.absence else "",
        ratings=tuple(map(_symbol, kpi.years)),
        outcome=kpi.outcome.value,
        target_text=target_in_column(
            last.target, last.definition.direction, decimals=last.definition.decimal_places
        ),
        value_words=last.value_words,
    )


def _symbol(year: KpiAssessment | None) -> str:
    if year is None:
        return ""
    return year.rating.symbol if year.rating else NOTHING
