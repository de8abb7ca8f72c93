"""Merged cells: whoever merges some means their content for every row and column they cover."""

from collections.abc import Callable
from typing import NamedTuple

from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.refusals import BROKEN, FileRefused
from common.spreadsheets.sheet import MOST_CELLS, TOO_MANY_CELLS, Sheet, column_letters, place_of

_LONGEST_SHOWN = 30


class MergedRange(NamedTuple):
    """A range of merged cells by its first and last row and column, both counted from 1."""

    name: str
    first_row: int
    last_row: int
    first_column: int
    last_column: int

    def note(self, cell: Cell) -> str:
        """What was done with the content of its first cell, as a sentence."""
        places = []
        if self.first_row < self.last_row:
            places.append(f"{self.first_row}〜{self.last_row}行目")
        if self.first_column < self.last_column:
            first, last = column_letters(self.first_column), column_letters(self.last_column)
            places.append(f"{first}〜{last}列")
        text = " ".join(cell.text.split())
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        return (
            f"{self.name} は結合されたセルなので、"
            f"「{shown}」を{'・'.join(places)}のすべてに当てました。"
        )


def merged_ranges(sheet: Sheet) -> list[MergedRange]:
    """The merged ranges of a sheet from top to bottom. Raises FileRefused where one is none."""
    return sorted(
        (_range(name) for name in sheet.merged), key=lambda one: (one.first_row, one.first_column)
    )


def fill_merged(
    sheet: Sheet, concerns: Callable[[MergedRange], bool] = lambda _range: True
) -> Sheet:
    """The sheet with every merged range's first cell in all of its cells, and no range left.

    What stands in the others, where some program kept it, nobody sees. Nothing is filled beyond
    the last row and column that have content. Notes say what was filled, of the ranges that
    `concerns` picks. Raises FileRefused where it makes too many cells.
    """
    filled = Sheet(
        sheet.name,
        sheet.where,
        sheet.is_csv,
        hidden_rows=list(sheet.hidden_rows),
        hidden_columns=list(sheet.hidden_columns),
        notes=list(sheet.notes),
    )
    last_row = max(sheet.rows, default=0)
    last_column = max((max(columns) for columns in sheet.rows.values()), default=0)
    covered: dict[int, dict[int, Cell]] = {}
    count = 0
    for found in merged_ranges(sheet):
        cell = sheet.rows.get(found.first_row, {}).get(found.first_column, BLANK)
        for row in range(found.first_row, min(found.last_row, last_row) + 1):
            columns = range(found.first_column, min(found.last_column, last_column) + 1)
            count += len(columns)
            if count > MOST_CELLS:
                raise FileRefused(TOO_MANY_CELLS)
            covered.setdefault(row, {}).update(dict.fromkeys(columns, cell))
        if not cell.is_blank and concerns(found):
            note = found.note(cell)
            filled.notes.append(f"シート「{sheet.name}」：{note}" if sheet.where else note)
    for row in sorted(sheet.rows.keys() | covered.keys()):
        cells = sheet.rows.get(row, {}) | covered.get(row, {})
        for column in sorted(cells):
            filled.add(row, column, cells[column])
    return filled


def _range(name: str) -> MergedRange:
    first, _colon, last = name.partition(":")
    (first_row, first_column), (last_row, last_column) = place_of(first), place_of(last or first)
    if first_row > last_row or first_column > last_column:
        raise FileRefused(BROKEN)
    return MergedRange(name, first_row, last_row, first_column, last_column)
