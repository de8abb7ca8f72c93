"""The charts of `kpis.charts`, drawn from assessments; imported where a chart is shown."""

from collections.abc import Sequence

from kpis.assessment import KpiAssessment, PlanRules
from kpis.charts import RateRow, YearPoint, rates_chart, years_chart
from kpis.series import KpiSeries
from projects.fiscal_year import wareki


def project_chart(kpis: Sequence[KpiAssessment], rules: PlanRules, fiscal_year: int) -> str:
    """The progress rates of some KPIs in one fiscal year, as inline SVG."""
    return rates_chart(
        [
            RateRow(kpi.definition.code, kpi.definition.name, kpi.progress, _word(kpi))
            for kpi in kpis
        ],
        title=f"{wareki(fiscal_year)}の進捗率（今年度の目安に対して、単位：%）",
        bounds=rules.bounds,
    )


def kpi_chart(series: KpiSeries) -> str:
    """A KPI's years beside what was due and the final target, as inline SVG."""
    definition = series.definition
    years = [series.assess(year) for year in series.rules.years]
    return years_chart(
        [
            YearPoint(
                fiscal_year=year.fiscal_year,
                value=year.value,
                expected=year.expected,
                word=_year_word(series, year),
            )
            for year in years
        ],
        unit=definition.unit,
        decimals=definition.decimal_places,
        final_target=years[-1].final_target,
        title=f"{definition.name}の推移（年度、単位：{definition.unit}）",
        value_label="累計" if definition.is_cumulative else "実績",
    )


def _word(kpi: KpiAssessment) -> str:
    if kpi.rating is not None:
        return kpi.rating.text
    return kpi.absence.label if kpi.absence else ""


def _year_word(series: KpiSeries, year: KpiAssessment) -> str:
    if year.absence is not None and (year.value is None or year.is_reference):
        return year.absence.label
    record = series.actuals.get(year.fiscal_year)
    return "速報" if record is not None and record.state == "provisional" else ""
