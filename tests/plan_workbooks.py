"""Plan workbooks for tests: a sheet is a list of rows, its headings first.

`SMALL` has the least that a plan says; `with_sheets` lays other sheets over it.
"""

import io
from collections.abc import Mapping, Sequence

import openpyxl

from entry.plan_workbook.exporting import exported_workbook
from entry.plan_workbook.importing import Looked, look_over, take_in
from entry.plan_workbook.workbook import read_workbook
from kpis.permissions import User
from projects.models import Strategy

Sheets = Mapping[str, Sequence[Sequence[object]]]

PLAN = (
    ("項目", "内容"),
    ("計画コード", "mihon-2026"),
    ("計画名", "見本市総合戦略"),
    ("団体名", "見本市"),
    ("団体コード", "402028"),
    ("最初の年度", "2024"),
    ("最終年度", "2028"),
)
SMALL: Sheets = {
    "計画": PLAN,
    "柱": [("番号", "名称"), ("1", "しごとをつくる")],
    "プロジェクト": [("記号", "柱", "名称"), ("P1", "1", "起業の応援")],
    "指標": [("KPI番号", "指標名", "単位"), ("P1-1", "起業件数", "件")],
    "目標": [("KPI番号", "目標値"), ("P1-1", "50")],
}


def with_sheets(base: Sheets = SMALL, **others: Sequence[Sequence[object]]) -> Sheets:
    """Sheets with others in their place, or beside them."""
    return {**base, **others}


def content_of(sheets: Sheets) -> bytes:
    """The sheets as an XLSX, every cell as what it is in Python."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def sheets_of(content: bytes) -> dict[str, list[list[str]]]:
    """What an XLSX says, cell by cell, by another library than wrote it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        sheet.title: [
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
    }


def records_of(content: bytes, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by their headings, blank cells left out."""
    headings, *rows = sheets_of(content)[sheet]
    return [
        {heading: text for heading, text in zip(headings, row, strict=True) if text}
        for row in rows
        if any(row)
    ]


def looked(content: bytes | Sheets, user: User | None = None) -> Looked:
    """A workbook looked over."""
    return look_over(read_workbook(_as_content(content)), user=user)


def taken(content: bytes | Sheets, user: User | None = None, **how: object) -> Strategy:
    """A workbook taken in: the plan. Raises WorkbookRefused and what else forbids it."""
    workbook = read_workbook(_as_content(content))
    plan, _looked = take_in(workbook, user=user, file_name="計画.xlsx", **how)  # type: ignore[arg-type]
    return plan


def exported(plan: Strategy | str) -> bytes:
    """The plan's workbook."""
    if isinstance(plan, str):
        plan = Strategy.objects.get(code=plan)
    return exported_workbook(plan)


def _as_content(content: bytes | Sheets) -> bytes:
    return content if isinstance(content, bytes) else content_of(content)


def rewritten(content: bytes, cells: Mapping[str, object]) -> bytes:
    """A workbook with other contents in some cells, by `sheet!cell`."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, written in cells.items():
        sheet, _mark, cell = place.partition("!")
        book[sheet][cell] = written
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def differences(found: Looked) -> list[tuple[str, str, str, str, str]]:
    """(sheet, row, heading, before, after) of every cell that changes."""
    return [
        (row.sheet, row.key, cell.heading, cell.before, cell.after)
        for row in found.changes
        for cell in row.cells
    ]
