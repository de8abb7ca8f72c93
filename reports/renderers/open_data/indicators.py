"""kpi_indicators.csv: one row a KPI, with what it measures and how its rates are computed."""

from collections.abc import Iterator
from decimal import Decimal

from common.spreadsheets.writing import Value, csv_file
from kpis.achievement import MINUS_IN_DATA, display_value
from reports.annual.report import AnnualReport, ReportKpi, ReportProject
from reports.renderers.clean_text import clean_line
from reports.renderers.csv import AGGREGATIONS
from reports.renderers.open_data.columns import INDICATORS


def indicators_csv(report: AnnualReport) -> bytes:
    """The definitions as CSV, in printed order."""
    return csv_file([column.name for column in INDICATORS], _rows(report))


def _rows(report: AnnualReport) -> Iterator[tuple[Value, ...]]:
    for project in report.projects:
        for kpi in project.kpis:
            yield _row(report, project, kpi)


def _row(report: AnnualReport, project: ReportProject, kpi: ReportKpi) -> tuple[Value, ...]:
    def value(number: Decimal | None) -> Decimal | None:
        if number is None:
            return None
        places = kpi.decimal_places
        return Decimal(display_value(number, places, minus=MINUS_IN_DATA, separator=""))

    return (
        clean_line(report.municipality_code),
        clean_line(report.municipality),
        clean_line(kpi.code),
        clean_line(kpi.name),
        clean_line(project.code),
        clean_line(project.name),
        clean_line(kpi.department),
        clean_line(kpi.unit),
        kpi.decimal_places,
        AGGREGATIONS[kpi.is_cumulative],
        clean_line(kpi.direction_label),
        clean_line(kpi.formula_label),
        value(kpi.baseline),
        kpi.baseline_year,
        value(kpi.final_target),
        report.last_year,
        clean_line(kpi.definition),
        clean_line(kpi.data_source),
        clean_line(kpi.note),
    )
