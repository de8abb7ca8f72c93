"""Reads the cells of one sheet of an XLSX."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from common.spreadsheets import cells
from common.spreadsheets.archive import TOO_LARGE
from common.spreadsheets.cells import Cell
from common.spreadsheets.escapes import as_shown
from common.spreadsheets.marked_text import Run, from_runs
from common.spreadsheets.refusals import BROKEN, FileRefused
from common.spreadsheets.rich_text import RichText
from common.spreadsheets.sheet import LAST_ROW, Sheet, column_number
from common.spreadsheets.styles import Style
from common.spreadsheets.xml_parts import Attributes, is_on, walk

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NO_STYLE = Style()
# What is calculated into more than its own cell.
_ARRAYS = ("array", "dataTable")
_MOST_ARRAYS = 1000
_MOST_MERGED = 10_000
_MOST_HIDDEN = 10_000
_LONGEST_NUMBER = 400


class Context(NamedTuple):
    """What of a workbook its sheets' cells refer to."""

    strings: Sequence[str | Sequence[Run]]
    styles: Sequence[Style]
    since_1904: bool


def read_sheet_part(name: str, pieces: Iterable[bytes], context: Context) -> Sheet:
    """The sheet. Raises FileRefused if it is broken, or has too much in it."""
    part = _SheetPart(name, context)
    walk(pieces, part.starts, part.ends, part.add_text)
    part.finish()
    return part.sheet


class _SheetPart:
    """A sheet while its part is walked."""

    def __init__(self, name: str, context: Context) -> None:
        self.sheet = Sheet(name)
        self._context = context
        self._columns: dict[str, int] = {}
        self._row = 0
        self._column = 0
        self._cell: Attributes | None = None
        self._value: list[str] = []
        self._is_value = False
        self._has_content = False
        self._is_formula = False
        self._arrays: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._text = RichText()
        # What a value means, by the type of its cell.
        self._readers: dict[str, Callable[[str, Style], Cell]] = {
            "s": self._shared_text,
            "str": lambda value, style: self._text_cell(as_shown(value), style),
            "b": lambda value, _style: cells.from_boolean(value=value == "1"),
            "e": lambda value, _style: cells.from_error(value),
            "d": lambda value, _style: cells.from_iso_date(value),
        }
        self.starts = {
            **self._text.starts,
            "col": self._start_column,
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._start_value,
            "f": self._start_formula,
            "is": self._start_text,
            "mergeCell": self._merge,
        }
        self.ends = {**self._text.ends, "c": self._end_cell, "v": self._end_value}

    def add_text(self, text: str) -> None:
        """Take text that belongs to a cell."""
        if self._is_value:
            self._value.append(text)
        else:
            self._text.add_text(text)

    def finish(self) -> None:
        """Mark what a formula put into the cells beside its own; keep what hides content."""
        rows = self.sheet.rows
        for (first_row, first_column), (last_row, last_column) in self._arrays:
            for row in range(first_row, min(last_row, LAST_ROW) + 1):
                for column in rows.get(row, ()):
                    if first_column <= column <= last_column:
                        rows[row][column] = cells.from_formula()
        self.sheet.hidden_rows = [row for row in self.sheet.hidden_rows if row in rows]
        used = {column for row in rows.values() for column in row}
        self.sheet.hidden_columns = sorted(
            column
            for column in used
            if any(first <= column <= last for first, last in self._hidden_columns)
        )

    def _start_column(self, attributes: Attributes) -> None:
        if is_on(attributes, "hidden", default="0"):
            if len(self._hidden_columns) == _MOST_HIDDEN:
                raise FileRefused(TOO_LARGE)
            self._hidden_columns.append((int(attributes["min"]), int(attributes["max"])))

    def _merge(self, attributes: Attributes) -> None:
        if len(self.sheet.merged) == _MOST_MERGED:
            raise FileRefused(TOO_LARGE)
        self.sheet.merged.append(attributes["ref"])

    def _start_row(self, attributes: Attributes) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._column = 0
        if is_on(attributes, "hidden", default="0"):
            self.sheet.hidden_rows.append(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell = attributes
        self._value = []
        self._text.runs = []
        self._has_content = self._is_formula = False

    def _start_value(self, _attributes: Attributes) -> None:
        self._is_value = self._has_content = self._cell is not None

    def _end_value(self) -> None:
        self._is_value = False

    def _start_text(self, _attributes: Attributes) -> None:
        self._text.clear()
        self._has_content = self._cell is not None

    def _start_formula(self, attributes: Attributes) -> None:
        if self._cell is None or self._is_formula:
            return
        self._is_formula = self._has_content = True
        first, _colon, last = attributes.get("ref", "").partition(":")
        if attributes.get("t") in _ARRAYS and last:
            if len(self._arrays) == _MOST_ARRAYS:
                raise FileRefused(TOO_LARGE)
            self._arrays.append((self._place(first), self._place(last)))

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell, None
        if attributes is None:
            return
        if "r" in attributes:
            _row, self._column = self._place(attributes["r"])
        else:
            self._column += 1
        if self._has_content:
            self.sheet.add(self._row, self._column, self._read(attributes))

    def _read(self, attributes: Attributes) -> Cell:
        """The cell by its type, its value and what its style means."""
        if self._is_formula:
            return cells.from_formula()
        style = self._style_of(attributes)
        kind = attributes.get("t", "n")
        if kind == "inlineStr":
            return from_runs(self._text.runs, style.mark)
        value = "".join(self._value).strip()
        read = self._readers.get(kind, self._number)
        return read(value, style) if value else cells.BLANK

    def _shared_text(self, value: str, style: Style) -> Cell:
        text = self._context.strings[int(value)]
        if isinstance(text, str):
            return self._text_cell(text, style)
        return from_runs(text, style.mark)

    def _text_cell(self, text: str, style: Style) -> Cell:
        return cells.from_text(text) if style.mark is None else from_runs([Run(text)], style.mark)

    def _number(self, value: str, style: Style) -> Cell:
        if len(value) > _LONGEST_NUMBER:
            raise FileRefused(BROKEN)
        number = cells.from_number(float(value), style.kind, since_1904=self._context.since_1904)
        return number if number.problem else self._text_cell(number.text, style)

    def _style_of(self, attributes: Attributes) -> Style:
        number = attributes.get("s")
        if number is None:
            return _NO_STYLE
        at = int(number)
        return self._context.styles[at] if 0 <= at < len(self._context.styles) else _NO_STYLE

    def _place(self, reference: str) -> tuple[int, int]:
        """Row and column of a reference such as `B12`, or `$B$12`."""
        match = _PLACE.fullmatch(reference.replace("$", ""))
        if match is None:
            raise FileRefused(BROKEN)
        letters = match[1]
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_number(letters)
        return int(match[2]), column
