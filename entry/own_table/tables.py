"""The tables that are made of a city's table, whose places are those of the city's file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from common.spreadsheets.cells import Cell
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.table import Table
from entry.own_table.headings import Heading

# The cells of a row by heading, each with its place.
Row = dict[str, tuple[Cell, str]]


@dataclass(slots=True)
class MadeTable(Table):
    """A sheet of a plan workbook, made of another table.

    `places` say of a row, by heading, where in the city's file its cell comes from; under the
    empty heading of the row as a whole.
    """

    places: dict[int, dict[str, str]] = field(default_factory=dict)

    def place(self, row: int, heading: str) -> str:
        known = self.places.get(row, {})
        return known.get(heading) or f"{known.get('', '')}（{heading}）"

    def add(self, cells: Row, place: str) -> None:
        """A row of cells, each with its place; of blank ones the place alone is kept."""
        number = len(self.rows) + 2
        self.rows[number] = {
            heading: cell for heading, (cell, _at) in cells.items() if not cell.is_blank
        }
        self.places[number] = {heading: at for heading, (_cell, at) in cells.items() if at}
        self.places[number][""] = place

    def as_data(self) -> dict[str, Any]:
        places = {str(number): places for number, places in self.places.items()}
        return Table.as_data(self) | {"places": places}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "MadeTable":
        plain = Table.from_data(data)
        places = {int(number): places for number, places in data["places"].items()}
        return cls(plain.letters, plain.rows, plain.ignored, plain.notes, plain.where, places)


def stated(text: str, place: str) -> tuple[Cell, str]:
    """A cell for a row, with its place."""
    return Cell(text), place


def made_table(headings: Iterable[str]) -> MadeTable:
    """A table without rows; it has a place for every heading."""
    return MadeTable(dict.fromkeys(headings, ""))


def place_of_cell(sheet: Sheet, row: int, heading: Heading) -> str:
    """`シート「KPI一覧」の7行目 D列（目標値）`."""
    return f"{sheet.where}{row}行目 {heading.letters}列（{heading.text}）"


def place_of_row(sheet: Sheet, row: int) -> str:
    """`シート「KPI一覧」の7行目`."""
    return f"{sheet.where}{row}行目"
