"""Where a group of KPIs stands, and one KPI's rating, as a report says it."""

from kpis.achievement import as_decimal
from kpis.assessment import KpiAssessment
from kpis.progress import Standing
from reports.annual.document import ReportStanding

NO_RATING = ("－", "評価なし")


def report_rating(kpi: KpiAssessment) -> tuple[str, str]:
    """The symbol and the label of a KPI's rating; 「－」 and 評価なし without one."""
    return (kpi.rating.symbol, kpi.rating.label) if kpi.rating else NO_RATING


def report_standing(standing: Standing) -> ReportStanding:
    """A standing with its rating in plain values."""
    symbol, label = NO_RATING
    if standing.rating is not None:
        symbol, label = standing.rating.symbol, standing.rating.label
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
    )
