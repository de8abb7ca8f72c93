"""Reads the cells of one sheet of an XLSX."""

from collections.abc import Sequence
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element

from common.spreadsheets import cells
from common.spreadsheets.archive import TOO_LARGE
from common.spreadsheets.cells import Cell
from common.spreadsheets.refusals import BROKEN, FileRefused
from common.spreadsheets.sheet import LAST_ROW, Sheet, place_of
from common.spreadsheets.styles import Style
from common.spreadsheets.texts import Mark, Text, as_shown, from_marked, text_of
from common.spreadsheets.xml_parts import elements, is_on

_NO_STYLE = Style()
# What is calculated into more than its own cell.
_ARRAYS = ("array", "dataTable")
_MOST_RANGES = 1000
# Cells, for every range anew.
_MOST_LOOKED_AT = 2_000_000
_LONGEST_NUMBER = 400
# As many as a sheet of Excel has.
_MOST_ROWS = 1_048_576


class Context(NamedTuple):
    """What of a workbook its sheets' cells refer to."""

    strings: Sequence[Text]
    styles: Sequence[Style]
    since_1904: bool
    # A string's cell by its number and its style's mark: a long one may stand in every cell.
    shown: dict[tuple[int, Mark | None], Cell]

    def string(self, number: int, mark: Mark | None) -> Cell:
        """The cell that a string of the table makes."""
        known = self.shown.get((number, mark))
        if known is None:
            known = self.shown[number, mark] = from_marked(self.strings[number], mark)
        return known


def read_sheet_part(name: str, part: IO[bytes], context: Context) -> Sheet:
    """The sheet. Raises FileRefused if it has too much in it, ValueError if it is broken."""
    sheet = Sheet(name)
    hidden: list[tuple[int, int]] = []
    arrays: list[str] = []
    row = 0
    for found in elements(part, ("col", "row", "mergeCell")):
        if found.tag == "row":
            row = int(found.get("r", row + 1))
            if not 1 <= row <= _MOST_ROWS:
                raise FileRefused(BROKEN)
            if is_on(found, "hidden"):
                sheet.hidden_rows.append(row)
            arrays += _read_row(sheet, row, found, context)
        elif found.tag == "mergeCell":
            sheet.merged.append(found.attrib["ref"])
        elif is_on(found, "hidden"):
            hidden.append((int(found.attrib["min"]), int(found.attrib["max"])))
        if len(hidden) > _MOST_RANGES or len(arrays) > _MOST_RANGES:
            raise FileRefused(TOO_LARGE)
    looked_at = 0
    for array in arrays:
        looked_at += _mark_calculated(sheet, array)
        if looked_at > _MOST_LOOKED_AT:
            raise FileRefused(TOO_LARGE)
    sheet.hidden_rows = [row for row in sheet.hidden_rows if row in sheet.rows]
    used = sorted({column for columns in sheet.rows.values() for column in columns})
    sheet.hidden_columns = [
        column for column in used if any(first <= column <= last for first, last in hidden)
    ]
    return sheet


def _read_row(sheet: Sheet, row: int, found: Element, context: Context) -> list[str]:
    """Take the cells of a row; gives the ranges into which its formulas are calculated."""
    arrays = []
    column = 0
    for cell in found:
        if cell.tag != "c":
            continue
        reference = cell.get("r")
        column = column + 1 if reference is None else place_of(reference)[1]
        formula = cell.find("f")
        if formula is not None:
            sheet.add(row, column, cells.CALCULATED)
            if formula.get("t") in _ARRAYS:
                arrays.append(formula.get("ref", ""))
        elif len(cell):
            sheet.add(row, column, _read_cell(cell, context))
    return arrays


def _mark_calculated(sheet: Sheet, array: str) -> int:
    """Mark what a formula put into the cells beside its own; how many were looked at."""
    first, colon, last = array.partition(":")
    if not colon:
        return 0
    looked_at = 0
    (first_row, first_column), (last_row, last_column) = place_of(first), place_of(last)
    for row in range(first_row, min(last_row, LAST_ROW) + 1):
        columns = sheet.rows.get(row, {})
        looked_at += 1 + len(columns)
        for column in columns:
            if first_column <= column <= last_column:
                columns[column] = cells.CALCULATED
    return looked_at


def _read_cell(cell: Element, context: Context) -> Cell:
    """The cell by its type, its value and what its style means."""
    number = int(cell.get("s", "-1"))
    style = context.styles[number] if 0 <= number < len(context.styles) else _NO_STYLE
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        text = cell.find("is")
        return cells.BLANK if text is None else from_marked(text_of(text), style.mark)
    value = (cell.findtext("v") or "").strip()
    if not value:
        return cells.BLANK
    if kind == "s":
        return context.string(int(value), style.mark)
    if kind == "str":
        return from_marked(as_shown(value), style.mark)
    read_other = {"b": cells.from_boolean, "e": cells.from_error, "d": cells.from_iso_date}
    if kind in read_other:
        return read_other[kind](value)
    if len(value) > _LONGEST_NUMBER:
        raise FileRefused(BROKEN)
    figure = cells.from_number(float(value), style.kind, since_1904=context.since_1904)
    return figure if figure.problem else from_marked(figure.text, style.mark)
