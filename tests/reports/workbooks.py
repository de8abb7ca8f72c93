"""Reads a workbook back as the person who opens it sees it."""

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import fromstring

_MARK = re.compile('"([^"]*)"')


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    """One file of the archive as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def parts(content: bytes, folder: str) -> list[Any]:
    """The XML files of a folder of the archive, in the order of their numbers."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(rf"{folder}/\w+\.xml", name)]
        names.sort(key=lambda name: int(re.search(r"(\d+)\.xml", name)[1]))
        return [fromstring(archive.read(name)) for name in names]


def shown(cell: Cell) -> str:
    """What Excel shows in a cell: a number by its format, without the space behind."""
    if not isinstance(cell.value, int | float):
        return "" if cell.value is None else str(cell.value)
    positive, negative = cell.number_format.split(";")
    section = negative if cell.value < 0 else positive
    decimals = len(section.removesuffix("_ ").partition(".")[2])
    digits = f"{abs(Decimal(str(cell.value))):,.{decimals}f}"
    return "".join(_MARK.findall(section)).replace(" ", "") + digits


def texts(sheet: Worksheet) -> list[str]:
    """Every text of a sheet, from the top down."""
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def table(sheet: Worksheet, *heads: str) -> list[dict[str, Cell]]:
    """The rows below the head that begins with these labels, down to an empty first cell."""
    rows = iter(sheet.iter_rows())
    labels: list[str] = []
    while labels[: len(heads)] != list(heads):
        labels = [one_line(cell.value) for cell in next(rows)]
    found = []
    for row in rows:
        if row[0].value is None or row[0].border.left.style is None:
            break
        found.append({label: cell for label, cell in zip(labels, row, strict=True) if label})
    return found


def shown_table(sheet: Worksheet, *heads: str) -> list[dict[str, str]]:
    """`table`, as it is shown."""
    return [{label: shown(cell) for label, cell in row.items()} for row in table(sheet, *heads)]


def row_of(sheet: Worksheet, code: str, *heads: str) -> dict[str, Cell]:
    """The row of a table that begins with a code."""
    (row,) = (row for row in table(sheet, *heads) if row[heads[0]].value == code)
    return row


def width_of(cell: Cell) -> float:
    """How wide a cell is, with those merged into it; in digits."""
    first = last = cell.column
    for merged in cell.parent.merged_cells.ranges:
        if cell.coordinate in merged:
            first, last = merged.min_col, merged.max_col
    # Columns that are alike and side by side share an entry.
    columns = cell.parent.column_dimensions.values()
    return sum(one.width * max(0, min(one.max, last) - max(one.min, first) + 1) for one in columns)


def one_line(value: object) -> str:
    return "" if value is None else str(value).replace("\n", "")
