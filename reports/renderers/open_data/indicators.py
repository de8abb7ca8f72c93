"""kpi_indicators.csv: one row a KPI, with what it measures and how its rates are computed."""

from collections.abc import Iterator
from decimal import Decimal

from kpis.achievement import MINUS_IN_DATA, display_value
from reports.annual.report import AnnualReport, ReportKpi, ReportProject
from reports.renderers.clean_text import data_text
from reports.renderers.csv import AGGREGATIONS, csv_file
from reports.renderers.open_data.columns import INDICATORS


def indicators_csv(report: AnnualReport) -> bytes:
    """The definitions as CSV, in printed order."""
    return csv_file([column.name for column in INDICATORS], _rows(report))


def _rows(report: AnnualReport) -> Iterator[tuple[str, ...]]:
    for project in report.projects:
        for kpi in project.kpis:
            yield _row(report, project, kpi)


def _row(report: AnnualReport, project: ReportProject, kpi: ReportKpi) -> tuple[str, ...]:
    def value(number: Decimal | None) -> str:
        if number is None:
            return ""
        return display_value(number, kpi.decimal_places, minus=MINUS_IN_DATA, separator="")

    return (
        data_text(report.municipality_code),
        data_text(report.municipality),
        data_text(kpi.code),
        data_text(kpi.name),
        data_text(project.code),
        data_text(project.name),
        data_text(kpi.department),
        data_text(kpi.unit),
        str(kpi.decimal_places),
        AGGREGATIONS[kpi.is_cumulative],
        data_text(kpi.direction_label),
        data_text(kpi.formula_label),
        value(kpi.baseline),
        "" if kpi.baseline_year is None else str(kpi.baseline_year),
        value(kpi.final_target),
        str(report.last_year),
        data_text(kpi.definition),
        data_text(kpi.data_source),
        data_text(kpi.note),
    )
