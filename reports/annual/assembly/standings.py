"""Where a group of KPIs stands, and one KPI's rating, as a report says it."""

from dataclasses import replace

from kpis.achievement import NOTHING, Absence, as_decimal
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from kpis.terms import PlanRules
from projects.bands import Band
from reports.annual.document import NO_MARK, Mark, ReportStanding

NO_RATING: Mark = (NOTHING, "評価なし")
UNDECIDED: Mark = (NOTHING, Absence.UNDECIDED.label)


def rating_of(band: Band | None) -> Mark:
    """A band's symbol and label; both empty for none."""
    return NO_MARK if band is None else (band.symbol, band.label)


def report_rating(kpi: KpiAssessment) -> Mark:
    """The symbol and the label of a KPI's rating; 「－」 and 評価なし without one."""
    return rating_of(kpi.rating) if kpi.rating else NO_RATING


def project_standing(standing: Standing, rules: PlanRules) -> ReportStanding:
    """Where a project stands, in plain values; the rules are those of the year."""
    if rules.project_scale.is_by_people:
        computed = rating_of(standing.computed)
        return replace(_standing(standing, UNDECIDED), computed_rating=computed)
    return _standing(standing, NO_RATING if rules.project_scale.rates else NO_MARK)


def plan_standing(standing: Standing, rules: PlanRules) -> ReportStanding:
    """Where a plan stands, which only its mean can rate."""
    by_mean = rules.project_scale.rates and not rules.project_scale.is_by_people
    return _standing(standing, NO_RATING if by_mean else NO_MARK)


def _standing(standing: Standing, without_rating: Mark) -> ReportStanding:
    symbol, label = rating_of(standing.rating) if standing.rating else without_rating
    return ReportStanding(
        kpi_count=standing.kpi_count,
        achievement_mean=as_decimal(standing.achievement_mean),
        achievement_count=standing.achievement_count,
        progress_mean=as_decimal(standing.progress_mean),
        progress_count=standing.progress_count,
        rating_symbol=symbol,
        rating_label=label,
        by_band=tuple(
            (band.symbol, band.label, count) if band else (*NO_RATING, count)
            for band, count in standing.by_band
        ),
        external_rating=rating_of(standing.external),
    )
