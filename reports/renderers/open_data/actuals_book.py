"""The rows of kpi_actuals.csv as a workbook: one sheet of bare values and nothing else."""

import io
from datetime import UTC
from decimal import Decimal

from reports.annual.report import AnnualReport
from reports.renderers.csv import HEADER, csv_rows

# Columns whose cells are numbers; all others are text, a 団体コード with its zeros too.
NUMBERS = frozenset({
    "会計年度（年）", "指標基準値", "最終目標値", "年度目安値", "指標実績値", "指標累計値",
    "達成率（%）", "進捗率（%）", "欠測区分",
})  # fmt: skip
_SHEET = "kpi_actuals"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def actuals_book(report: AnnualReport) -> bytes:
    """The workbook: header and values, blanks where the CSV has them, no formats."""
    import xlsxwriter  # noqa: PLC0415 (loaded with the first workbook)

    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, _OPTIONS)
    book.set_properties({"created": report.made_at.astimezone(UTC).replace(tzinfo=None)})
    sheet = book.add_worksheet(_SHEET)
    for column, name in enumerate(HEADER):
        sheet.write_string(0, column, name)
    for row, cells in enumerate(csv_rows(report), start=1):
        for column, (name, cell) in enumerate(zip(HEADER, cells, strict=True)):
            if not cell:
                continue
            if name in NUMBERS:
                sheet.write_number(row, column, Decimal(cell))
            else:
                sheet.write_string(row, column, cell)
    book.close()
    return written.getvalue()
