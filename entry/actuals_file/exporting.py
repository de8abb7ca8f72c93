"""Writes the file of actuals as CSV and XLSX; nothing in it runs, and it imports as it is."""

import io

import openpyxl
import tablib
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from common.spreadsheet_text import guard
from entry.actuals_file import columns
from kpis.file_formats import CsvFile
from kpis.xlsx_text import as_written

_TEXT = "@"
_WIDTHS = {
    columns.CODE: 9, columns.NAME: 38, columns.UNIT: 8, columns.YEAR: 8, columns.VALUE: 14,
    columns.PROVISIONAL: 7, columns.REASON: 24, columns.EXPECTED: 16, columns.ANALYSIS: 40,
    columns.NEXT_STEPS: 40, columns.CONFIRMATION: 24, columns.VERSION: 6,
}  # fmt: skip
# Where something is to be filled in.
_FILL = PatternFill("solid", start_color="E8F1FE")


def to_csv(dataset: tablib.Dataset) -> bytes:
    """UTF-8 with BOM, CRLF."""
    return CsvFile().export_data(dataset)


def to_xlsx(dataset: tablib.Dataset, title: str) -> bytes:
    """A sheet whose cells are all text, so that nothing typed into them turns into a date."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for at, heading in enumerate(dataset.headers, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS.get(heading, 12)
    sheet.freeze_panes = "C2"
    sheet.append([_cell(sheet, heading, heading, is_head=True) for heading in dataset.headers])
    for row in dataset:
        sheet.append(
            [
                _cell(sheet, heading, guard(text))
                for heading, text in zip(dataset.headers, row, strict=True)
            ]
        )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: object, heading: str, text: str, *, is_head: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=as_written(text) or None)
    if text:
        cell.data_type = "s"
    cell.number_format = _TEXT
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_head:
        cell.font = Font(bold=True)
    if heading in columns.CONTENT:
        cell.fill = _FILL
    return cell
