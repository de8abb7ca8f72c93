"""kpi_indicators.csv: one row a KPI, with what it measures and how its rates are computed."""

from common.spreadsheets.writing import Value, csv_file
from reports.annual.document import AnnualReport, ReportKpi
from reports.renderers.clean_text import clean_line
from reports.renderers.csv import (
    AGGREGATIONS,
    KINDS,
    Home,
    kpis_of_all_kinds,
    shown_value,
    whose,
)
from reports.renderers.open_data.columns import columns_at_the_end, indicator_columns


def indicators_csv(report: AnnualReport) -> bytes:
    """The definitions as CSV, in printed order, and then of the KPIs that had ended."""
    last = columns_at_the_end(report)
    rows = (
        (
            *_row(report, home, kpi),
            *(clean_line(text_of(kpi)) for _column, text_of in last),
            *((KINDS[is_goal],) if report.has_goals else ()),
        )
        for home, kpi, is_goal in kpis_of_all_kinds(report)
    )
    return csv_file([column.name for column in indicator_columns(report)], rows)


def _row(report: AnnualReport, project: Home, kpi: ReportKpi) -> tuple[Value, ...]:
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
