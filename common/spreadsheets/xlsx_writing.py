"""Writes a table as an XLSX of one sheet: texts and numbers, the same bytes for the same table."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from common.spreadsheets.writing import Value, written_text

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM: dict[str, Any] = {"num_format": "@", "valign": "top", "text_wrap": True}
_FILLED = {"bg_color": "#E8F1FE"}
_HEADING = {"bold": True}
# XlsxWriter takes a text from <r> to </r> for markup, and of two adjoining texts that look like
# escapes it escapes only one. As runs of which none has all of either, they are what they are.
_MISTAKEN = re.compile(r"\A<r>.*</r>\Z|_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_)", re.DOTALL)
_CUT = re.compile(r"(?<=_)(?=x)|(?<=<)(?=r>)")


class Column(NamedTuple):
    """A column of a form: its heading, its width in characters, and whether to fill it in."""

    heading: str
    width: int = 12
    is_filled_in: bool = False


def data_workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A table for machines: bare values, numbers as numbers, no formats."""
    book = _Book(title, made_at)
    for number, row in enumerate((header, *rows)):
        for column, value in enumerate(row):
            if value is None or isinstance(value, str):
                book.write(number, column, value)
            else:
                book.sheet.write_number(number, column, value)
    return book.content()


def form_workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A table for people to change: all cells are text, so that nothing typed becomes a date.

    Its headings and the two first columns, which name the rows, stay in view.
    """
    book = _Book(title, made_at)
    book.sheet.freeze_panes(1, 2)
    formats = []
    for at, column in enumerate(columns):
        own = _FORM | (_FILLED if column.is_filled_in else {})
        formats.append(book.workbook.add_format(own))
        book.sheet.set_column_pixels(at, at, 7 * column.width)
        book.write(0, at, column.heading, book.workbook.add_format(own | _HEADING))
    for number, row in enumerate(rows, start=1):
        for at, (value, own_format) in enumerate(zip(row, formats, strict=True)):
            book.write(number, at, value, own_format)
    return book.content()


class _Book:
    """A workbook of one sheet while it is written."""

    def __init__(self, title: str, made_at: datetime) -> None:
        import xlsxwriter  # noqa: PLC0415 - 3 MB, loaded with the first workbook

        self._written = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._written, {"in_memory": True})
        self.workbook.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        self.sheet = self.workbook.add_worksheet(title)
        self._of_runs = self.workbook.add_format()

    def write(self, row: int, column: int, value: Value, own: Any = None) -> None:
        """A text cell in its XlsxWriter format; blank ones of a form are written too, for theirs."""
        text = written_text(value)
        if not text:
            self.sheet.write_blank(row, column, None, own)
        elif _MISTAKEN.search(text):
            runs = [one for piece in _CUT.split(text) for one in (self._of_runs, piece)]
            self.sheet.write_rich_string(row, column, *runs, *([own] if own else []))
        else:
            self.sheet.write_string(row, column, text, own)

    def content(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self.workbook.close()
        return self._written.getvalue()
