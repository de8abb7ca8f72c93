"""Reads an XLSX row by row, after it has been found safe to unpack."""

import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from entry.actuals_file.cells import from_workbook
from entry.actuals_file.table import Cell
from kpis.xlsx_safety import BROKEN
from kpis.xlsx_text import UNREADABLE, open_workbook

MOST_COLUMNS = 100
# openpyxl makes up every row before a stray one far below, and Excel has a million of them.
LAST_ROW = 20_000


class Workbook:
    """The first visible sheet of an XLSX. Raises ValueError with a sentence in Japanese."""

    def __init__(self, content: bytes) -> None:
        self._book = open_workbook(content, data_only=False, keep_links=False)
        shown = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise ValueError("見えるシートがありません。シートを1つ表示して保存し直してください。")
        self._sheet = shown[0]
        others = [f"「{one.title}」" for one in self._book.worksheets if one is not self._sheet]
        self.notes = []
        if others:
            named = "、".join(others[:10])
            self.notes.append(
                f"シート「{self._sheet.title}」だけを読みました（{named}は使いません）。"
            )

    def rows(self) -> Iterator[list[Cell]]:
        """The rows from the first on. Raises ValueError if cells are merged."""
        merged, last = self._merged_ranges_and_last_row()
        if last > LAST_ROW:
            raise ValueError(
                f"{last:,}行目にも内容があります。"
                f"{LAST_ROW:,}行目より下を行ごと削除して、保存し直してください。"
            )
        if merged:
            raise ValueError(
                f"結合されたセルがあります（{'、'.join(merged[:5])}）。"
                "セルの結合を解除して保存し直してください。"
            )
        # A sheet's own statement of its size is often wrong.
        self._sheet.reset_dimensions()
        rows = self._sheet.iter_rows(max_col=MOST_COLUMNS, max_row=LAST_ROW)
        while (row := self._next(rows)) is not None:
            yield [from_workbook(one.value, one.data_type, _format(one)) for one in row]

    def _next(self, rows: Iterator[Any]) -> Any:
        try:
            with warnings.catch_warnings(action="ignore"):
                return next(rows, None)
        except UNREADABLE:
            raise ValueError(BROKEN) from None

    def _merged_ranges_and_last_row(self) -> tuple[list[str], int]:
        """The sheet's merged ranges and its last row with cells, which a reader can't tell."""
        found = []
        last = at = 0
        try:
            with self._sheet._get_source() as source:  # noqa: SLF001 - no public way to its XML
                for _event, element in iterparse(source):
                    if element.tag == f"{{{SHEET_MAIN_NS}}}mergeCell":
                        found.append(element.get("ref", ""))
                    if element.tag == f"{{{SHEET_MAIN_NS}}}row":
                        at = int(element.get("r", at + 1))
                        if any(len(cell) for cell in element):
                            last = at
                        element.clear()
        except UNREADABLE:
            raise ValueError(BROKEN) from None
        return found, last


def _format(cell: Any) -> str:
    return getattr(cell, "number_format", "") or "" if cell.value is not None else ""
