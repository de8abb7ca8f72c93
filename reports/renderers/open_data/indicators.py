"""kpi_indicators.csv: one row a KPI, with what it measures and how its rates are computed."""

from common.spreadsheets.writing import Value, csv_file
from reports.annual.document import AnnualReport, ReportEndedKpi, ReportKpi, ReportProject
from reports.renderers.clean_text import clean_line
from reports.renderers.csv import AGGREGATIONS, shown_value, whose
from reports.renderers.open_data.columns import columns_at_the_end, indicator_columns


def indicators_csv(report: AnnualReport) -> bytes:
    """The definitions as CSV, in printed order, and then of the KPIs that had ended."""
    last = columns_at_the_end(report)
    kpis: list[tuple[ReportProject | ReportEndedKpi, ReportKpi]]
    kpis = [(project, kpi) for project in report.projects for kpi in project.kpis]
    kpis += [(one, one.kpi) for one in report.ended_kpis]
    rows = (
        (*_row(report, project, kpi), *(clean_line(text_of(kpi)) for _column, text_of in last))
        for project, kpi in kpis
    )
    return csv_file([column.name for column in indicator_columns(report)], rows)


def _row(
    report: AnnualReport, project: ReportProject | ReportEndedKpi, kpi: ReportKpi
) -> tuple[Value, ...]:
    return (
        *whose(report, project, kpi),
        clean_line(kpi.unit),
        kpi.decimal_places,
        AGGREGATIONS[kpi.is_cumulative],
        clean_line(kpi.direction_label),
        clean_line(kpi.formula_label),
        shown_value(kpi.baseline, kpi),
        kpi.baseline_year,
        shown_value(kpi.final_target, kpi),
        kpi.target_year or report.last_year,
        clean_line(kpi.definition),
        clean_line(kpi.data_source),
        clean_line(kpi.note),
        kpi.first_year or report.first_year,
        kpi.last_year,
        clean_line(kpi.predecessor),
    )
