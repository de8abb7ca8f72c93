"""A sheet of a file as its cells, whatever kind of file it came from."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from common.spreadsheets.cells import Cell
from common.spreadsheets.refusals import BROKEN, FileRefused

# The hidden sheet of our forms which has the choices that are too long for a cell's own list.
LISTS = "選択肢"
MOST_CELLS = 200_000
# Excel has a million rows, and a stray blank in the last of them makes a file of that length.
LAST_ROW = 20_000
TOO_MANY_CELLS = (
    f"内容のあるセルが{MOST_CELLS:,}個を超えています。"
    "必要な行と列だけのファイルにして、保存し直してください。"
)
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(slots=True)
class Sheet:
    """The cells with content by row and column, both counted from 1.

    `name` is empty for a CSV; `where` begins a place in one of several sheets, and is else empty.
    `merged` are ranges as the sheet names them (`C2:C4`), `hidden_rows` and `hidden_columns`
    those that nobody sees. `notes` are sentences about what of the file was read or left out.
    """

    name: str = ""
    where: str = ""
    is_csv: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cells: int = 0

    def add(self, row: int, column: int, cell: Cell) -> None:
        """Take a cell with content. Raises FileRefused where it is one too many, or too far."""
        if row > LAST_ROW:
            raise FileRefused(
                f"{row:,}行目にも内容があります。"
                f"{LAST_ROW:,}行目より下を行ごと削除して、保存し直してください。"
            )
        if cell.is_blank:
            return
        self.cells += 1
        if self.cells > MOST_CELLS:
            raise FileRefused(TOO_MANY_CELLS)
        self.rows.setdefault(row, {})[column] = cell

    def as_data(self) -> dict[str, Any]:
        """The sheet as JSON takes it."""
        rows = {
            row: {column: list(cell) if cell.problem else cell.text for column, cell in own.items()}
            for row, own in self.rows.items()
        }
        return {
            "name": self.name, "where": self.where, "is_csv": self.is_csv, "rows": rows,
            "merged": self.merged, "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns, "notes": self.notes, "cells": self.cells,
        }  # fmt: skip

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Sheet":
        """The sheet that `as_data` gave."""
        rows = {
            int(row): {
                int(column): Cell(cell) if isinstance(cell, str) else Cell(*cell)
                for column, cell in own.items()
            }
            for row, own in data["rows"].items()
        }
        return cls(**(data | {"rows": rows}))


def column_letters(number: int) -> str:
    """The name of a column: `A` for 1, `AA` for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_of(reference: str) -> tuple[int, int]:
    """Row and column of a reference such as `B12`, or `$B$12`. Raises FileRefused."""
    match = _PLACE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise FileRefused(BROKEN)
    return int(match[2]), column_number(match[1])


@lru_cache(maxsize=1024)
def column_number(letters: str) -> int:
    """The number of a column: 1 for `A`, 27 for `AA`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
