"""The charts of pages, drawn from assessments."""

from collections.abc import Sequence
from typing import NamedTuple

from common.fiscal_year import wareki
from kpis.assessment import KpiAssessment
from kpis.carried_over import RelatedKpi
from kpis.definition import KpiDefinition
from kpis.outlook import Outlook
from kpis.series import KpiSeries
from kpis.terms import PlanRules
from kpis.value_years import mark_of
from reports.charts.rates import RateRow, rates_chart
from reports.charts.trend import trend_chart
from reports.charts.years import EARLIER, SAME_PLAN, YearPoint, YearsChart
from reports.charts.years_columns import years_in_columns
from reports.charts.years_rows import years_in_rows

# More years of the plans before leave no room for a figure over each; the page's table has all.
_MOST_EARLIER = 10


class ChartPair(NamedTuple):
    """One chart as inline SVG for a wide and for a narrow place; a page shows one of them."""

    wide: str
    narrow: str


def project_chart(
    kpis: Sequence[KpiAssessment], rules: PlanRules, fiscal_year: int
) -> ChartPair | None:
    """The progress rates of some KPIs in one fiscal year; None without a KPI."""
    if not kpis:
        return None
    rows = [
        RateRow(
            kpi.definition.code,
            kpi.definition.name,
            kpi.progress,
            _word(kpi),
            kpi.rate_text(kpi.progress),
        )
        for kpi in kpis
    ]
    title = f"{wareki(fiscal_year)}の進捗率（その年度の目安に対して、単位：%）"
    wide, narrow = (
        rates_chart(rows, title=title, bounds=rules.bounds, is_narrow=is_narrow)
        for is_narrow in (False, True)
    )
    return ChartPair(wide, narrow)


def kpi_chart(
    series: KpiSeries, fiscal_year: int, earlier: Sequence[RelatedKpi] = ()
) -> ChartPair | None:
    """A KPI's years beside what was due and the target; None while no year is recorded.

        The outlook as seen from the page's year is drawn in the plan's last year, if that is the
    year it is for, but not beside later values: those say how it went on. `earlier` are what it
    was in the plans before, nearest first: their years before the plan stand before its own.
    """
    before = _before(series, earlier)
    if not series.actuals and not before:
        return None
    chart = _years(series, fiscal_year, _estimate(series, fiscal_year), before)
    return ChartPair(years_in_columns(chart), years_in_rows(chart))


def kpi_trend(series: KpiSeries, fiscal_year: int) -> str:
    """The same years small, for a card, as inline SVG; empty while no year is recorded."""
    return trend_chart(_years(series, fiscal_year, None)) if series.actuals else ""


def is_drawn_beside(earlier: RelatedKpi, definition: KpiDefinition) -> bool:
    """Whether a KPI's figures from a plan before are of a kind with today's."""
    return (earlier.unit, earlier.aggregation) == (definition.unit, definition.aggregation)


def _before(series: KpiSeries, earlier: Sequence[RelatedKpi]) -> tuple[YearPoint, ...]:
    """The years of the plans before, in order, from the first that has a value on.

    Where plans overlap, the later one's years count.
    """
    points: list[YearPoint] = []
    until = series.first_year
    for kpi in earlier:
        if is_drawn_beside(kpi, series.definition):
            years = [year for year in kpi.years if year.fiscal_year < until]
            points[:0] = [
                YearPoint(
                    year.fiscal_year,
                    year.value,
                    None,
                    year.word,
                    is_earlier=True,
                    earlier_label=SAME_PLAN if kpi.is_same_plan else EARLIER,
                )
                for year in years
            ]
        until = min(until, kpi.first_year)
    stated = [at for at, point in enumerate(points) if point.value is not None]
    return tuple(points[stated[0] :][-_MOST_EARLIER:]) if stated else ()


def _years(
    series: KpiSeries,
    fiscal_year: int,
    estimate: Outlook | None,
    before: tuple[YearPoint, ...] = (),
) -> YearsChart:
    definition = series.definition
    years = [series.assess(year) for year in series.years]
    targets = tuple(year.final_target for year in years)
    unit = definition.unit and f"、単位：{definition.unit}"
    return YearsChart(
        points=before
        + tuple(
            YearPoint(
                fiscal_year=year.fiscal_year,
                value=year.value,
                expected=year.expected,
                word=_year_word(series, year),
                is_carried=year.value_year is not None,
            )
            for year in years
        ),
        unit=definition.unit,
        decimals=definition.decimal_places,
        final_target=series.assess(fiscal_year).final_target,
        targets=targets if len(set(targets)) > 1 else (),
        title=f"{definition.name}の推移（年度{unit}）",
        estimate=estimate,
        highlighted=fiscal_year,
        value_label="累計" if definition.is_cumulative else "実績",
    )


def _estimate(series: KpiSeries, fiscal_year: int) -> Outlook | None:
    outlook = series.outlook(fiscal_year)
    later = range(fiscal_year + 1, series.rules.last_year + 1)
    last = series.outlook_year(fiscal_year)
    if outlook is None or last != series.years[-1] or any(map(series.has_value, later)):
        return None
    return outlook


def _word(kpi: KpiAssessment) -> str:
    """What stands beside a KPI's bar; of a KPI without a rate its place is the bar's own."""
    if kpi.progress is None and kpi.absence is not None:
        return kpi.absence.label
    if kpi.rating is not None:
        return kpi.rating.text
    return kpi.why_nothing.label if kpi.why_nothing else ""


def _year_word(series: KpiSeries, year: KpiAssessment) -> str:
    if (
        year.absence is not None
        and not year.value_words
        and (year.value is None or year.is_reference)
    ):
        return year.absence.label
    record = series.actuals.get(year.fiscal_year)
    provisional = "速報" if record is not None and record.state == "provisional" else ""
    # Words stand in the table beside the chart.
    words = "ことば" if year.value_words else ""
    return "、".join(filter(None, (words, provisional, mark_of(year.value_year))))
