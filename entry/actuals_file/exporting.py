"""Writes the file of actuals as CSV and XLSX; nothing in it runs, and it imports as it is."""

from decimal import Decimal

from django.utils import timezone

from common.spreadsheets.writing import Value, csv_file
from common.spreadsheets.xlsx_writing import Column, form_workbook
from entry.actuals_file import columns
from kpis.models import MEASURED_STATES, ActualState
from kpis.permissions import User, recordable_kpis
from kpis.progress import standing_in
from kpis.series import KpiSeries, load_series
from projects.models import Strategy, living_in

_WIDTHS = {
    columns.CODE: 9, columns.NAME: 38, columns.UNIT: 8, columns.YEAR: 8, columns.VALUE: 14,
    columns.PROVISIONAL: 7, columns.REASON: 24, columns.EXPECTED: 16,
    columns.ANALYSIS: 40, columns.NEXT_STEPS: 40, columns.CONFIRMATION: 24, columns.VERSION: 6,
    columns.VALUE_YEAR: 10,
}  # fmt: skip


def written_file(strategy: Strategy, fiscal_year: int, user: User, extension: str) -> bytes:
    """The KPIs of the year that a user may record, in printed order, each as it stands.

    As `csv`, or as `xlsx`: a form in which the columns to fill in stand out.
    """
    kpis = recordable_kpis(user, strategy).filter(living_in(fiscal_year))
    series = standing_in(load_series(strategy, kpis, with_texts=True), fiscal_year)
    rows = [_written_row(one, fiscal_year) for one in series]
    if extension == "csv":
        return csv_file(columns.HEADINGS, rows)
    form = [
        Column(heading, _WIDTHS[heading], heading in columns.CONTENT)
        for heading in columns.HEADINGS
    ]
    return form_workbook(f"{fiscal_year}年度の実績", form, rows, made_at=timezone.now())


def _written_row(series: KpiSeries, fiscal_year: int) -> list[Value]:
    """A KPI's year as it stands, in the order of the columns; `series` with texts."""
    own = series.placed_in(fiscal_year)
    named: list[Value] = [own.code, own.name, own.unit, fiscal_year]
    # A figure may be another plan's; explanations and version are this row's own.
    saved, texts = series.actuals.get(fiscal_year), series.own_record(fiscal_year)
    if saved is None:
        return named + [None] * (len(columns.HEADINGS) - len(named))
    marks = {ActualState.PROVISIONAL: "1", ActualState.FINAL: "0"}
    value = saved.value if saved.state in MEASURED_STATES else None
    return [
        *named,
        saved.value_words if value is None else Decimal(f"{value:.{own.decimal_places}f}"),
        marks.get(ActualState(saved.state)),
        saved.unmeasured_reason,
        saved.expected_on.isoformat() if saved.expected_on else None,
        texts.analysis if texts else "",
        texts.next_steps if texts else "",
        saved.confirmation,
        texts.version if texts else None,
        saved.value_year,
    ]
