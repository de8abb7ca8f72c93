"""The tables that are made of a city's table, whose places are those of the city's file."""

from common.spreadsheets.cells import Cell
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.table import Table
from entry.own_table.headings import Heading
from entry.plan_workbook.forms import BY_NAME

# The cells of a row by heading, each with its place.
Row = dict[str, tuple[Cell, str]]


def add_row(table: Table, cells: Row, place: str) -> None:
    """Add a row of cells, each with its place; of blank ones the place alone is kept."""
    number = len(table.rows) + 2
    table.rows[number] = {
        heading: cell for heading, (cell, _at) in cells.items() if not cell.is_blank
    }
    table.places[number] = {heading: at for heading, (_cell, at) in cells.items() if at}
    table.places[number][""] = place


def stated(text: str, place: str) -> tuple[Cell, str]:
    """A cell for a row, with its place."""
    return Cell(text), place


def made_table(name: str) -> Table:
    """A sheet of a plan workbook without rows; it has a place for every heading."""
    return Table(dict.fromkeys((one.heading for one in BY_NAME[name].columns), ""))


def place_of_cell(sheet: Sheet, row: int, heading: Heading) -> str:
    """`シート「KPI一覧」の7行目 D列（目標値）`."""
    return f"{sheet.where}{row}行目 {heading.letters}列（{heading.text}）"


def place_of_row(sheet: Sheet, row: int) -> str:
    """`シート「KPI一覧」の7行目`."""
    return f"{sheet.where}{row}行目"
