"""Writes the file of actuals as CSV and XLSX; nothing in it runs, and it imports as it is."""

from django.utils import timezone

from common.spreadsheets.writing import Value, csv_file
from common.spreadsheets.xlsx_writing import Column, form_workbook
from entry.actuals_file import columns
from kpis.permissions import User, recordable_kpis
from kpis.series import load_series
from projects.models import Strategy

_WIDTHS = {
    columns.CODE: 9, columns.NAME: 38, columns.UNIT: 8, columns.YEAR: 8, columns.VALUE: 14,
    columns.PROVISIONAL: 7, columns.REASON: 24, columns.EXPECTED: 16, columns.ANALYSIS: 40,
    columns.NEXT_STEPS: 40, columns.CONFIRMATION: 24, columns.VERSION: 6,
}  # fmt: skip


def written_rows(strategy: Strategy, fiscal_year: int, user: User) -> list[list[Value]]:
    """The KPIs that a user may record, in printed order, each with its year as it stands."""
    kpis = recordable_kpis(user, strategy)
    found = load_series(strategy, kpis, with_texts=True)
    return [columns.written_row(one, fiscal_year) for one in found]


def to_csv(rows: list[list[Value]]) -> bytes:
    """The rows below their headings."""
    return csv_file(columns.HEADINGS, rows)


def to_xlsx(rows: list[list[Value]], title: str) -> bytes:
    """The same as a form, in which the columns to fill in stand out."""
    form = [
        Column(heading, _WIDTHS[heading], heading in columns.CONTENT)
        for heading in columns.HEADINGS
    ]
    return form_workbook(title, form, rows, made_at=timezone.now())
