"""The report's figures as a CSV file for machines: one row a KPI and fiscal year.

The header and the codes are fixed in docs/interface.md, Data files. Numbers
are bare, one record is one line, and what is not known stays blank.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from common.fiscal_year import wareki
from kpis.achievement import MINUS_IN_DATA, NOTHING, display_number, display_value
from reports.annual.report import AnnualReport, ReportKpi, ReportProject, ReportYear
from reports.renderers.clean_text import data_text

HEADER = (
    "団体コード",
    "団体名",
    "指標コード",
    "指標名",
    "プロジェクトコード",
    "プロジェクト名",
    "所管課",
    "会計年度（年）",
    "和暦表記",
    "単位",
    "集計方法",
    "指標基準値",
    "最終目標値",
    "年度目安値",
    "指標実績値",
    "指標累計値",
    "達成率（%）",
    "進捗率（%）",
    "評価区分",
    "値区分",
    "欠測区分",
    "注記",
    "更新日",
)
BYTE_ORDER_MARK = "\ufeff"
# The words in the columns 値区分, by a year's state, and 集計方法, by whether it adds up.
VALUE_KINDS = {"final": "確定", "provisional": "速報"}
AGGREGATIONS = {True: "累計", False: "単年度"}


def render_csv(report: AnnualReport) -> bytes:
    """The figures as a CSV file."""
    return csv_file(HEADER, csv_rows(report))


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV: UTF-8 with a byte order mark, lines ending in CRLF."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def csv_rows(report: AnnualReport) -> Iterator[tuple[str, ...]]:
    """The rows below the header, in printed order; every cell is text."""
    for project in report.projects:
        for kpi in project.kpis:
            for year in kpi.years:
                yield _row(report, project, kpi, year)


def _row(
    report: AnnualReport, project: ReportProject, kpi: ReportKpi, year: ReportYear
) -> tuple[str, ...]:
    has_value = year.actual is not None
    return (
        data_text(report.municipality_code),
        data_text(report.municipality),
        data_text(kpi.code),
        data_text(kpi.name),
        data_text(project.code),
        data_text(project.name),
        data_text(kpi.department),
        str(year.fiscal_year),
        wareki(year.fiscal_year),
        data_text(kpi.unit),
        AGGREGATIONS[kpi.is_cumulative],
        _value(kpi.baseline, kpi),
        _value(year.final_target, kpi),
        _value(year.expected, kpi),
        _value(year.actual, kpi),
        _value(year.total, kpi) if kpi.is_cumulative else "",
        _rate(year.achievement, report),
        _rate(year.progress, report),
        data_text(year.rating_symbol.removeprefix(NOTHING)),
        VALUE_KINDS.get(year.state, "") if has_value else "",
        str(year.absence_code) if year.absence_code else "",
        data_text(" ".join(year.remarks)),
        _day(year.updated_on),
    )


def _value(value: Decimal | None, kpi: ReportKpi) -> str:
    """A value in the KPI's unit, without separators; blank for None."""
    if value is None:
        return ""
    return display_value(value, kpi.decimal_places, minus=MINUS_IN_DATA, separator="")


def _rate(rate: Decimal | None, report: AnnualReport) -> str:
    """A rate in percent as the report displays it, without sign marks; blank for None."""
    if rate is None:
        return ""
    return display_number(rate, bounds=report.bounds, minus=MINUS_IN_DATA, separator="")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
