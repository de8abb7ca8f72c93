"""Writes tables as an XLSX: texts and numbers, the same bytes for the same tables.

`data_workbook` is for machines. Forms are for people to change: there all cells are text, so
that nothing typed becomes a date.
"""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from common.spreadsheets.sheet import LISTS, column_letters
from common.spreadsheets.writing import Value, written_text

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORM: dict[str, Any] = {"num_format": "@", "valign": "top", "text_wrap": True}
_FILLED = {"bg_color": "#E8F1FE"}
_HEADING = {"bold": True}
_EXAMPLE = {"bg_color": "#EEEEEE", "font_color": "#555555"}
_GREY = "#999999"
_A4 = 9
# What Excel takes of a list within a validation, and of what it shows beside a cell.
_LONGEST_LIST = 255
_LONGEST_NOTE = 255
_LONGEST_TITLE = 32
# XlsxWriter takes a text from <r> to </r> for markup, and of two adjoining texts that look like
# escapes it escapes only one. As runs of which none has all of either, they are what they are.
_MISTAKEN = re.compile(r"\A<r>.*</r>\Z|_x[0-9A-Fa-f]{4}(?=_x[0-9A-Fa-f]{4}_)", re.DOTALL)
_CUT = re.compile(r"(?<=_)(?=x)|(?<=<)(?=r>)")


class Column(NamedTuple):
    """A column of a form: its heading, its width in characters, and whether to fill it in.

    Its cells are chosen from `choices`, where there are some; `note` says what it means, beside
    whichever of its cells is selected.
    """

    heading: str
    width: int = 12
    is_filled_in: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""


class FormSheet(NamedTuple):
    """A sheet of a form: its tab's name, its columns, and its rows in the order of these.

    Choices and notes hold for `most_rows` rows. The first `frozen` columns, which name the rows,
    stay in view beside the headings. An example is grey, and nobody fills it in.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    most_rows: int = 0
    frozen: int = 1
    is_example: bool = False


def data_workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A table for machines: bare values, numbers as numbers, no formats."""
    book = _Book(made_at)
    sheet = book.workbook.add_worksheet(title)
    for number, row in enumerate((header, *rows)):
        for column, value in enumerate(row):
            if value is None or isinstance(value, str):
                book.write(sheet, number, column, value)
            else:
                sheet.write_number(number, column, value)
    return book.content()


def form_workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], *, made_at: datetime
) -> bytes:
    """A form of one sheet, whose two first columns name the rows."""
    return forms_workbook([FormSheet(title, columns, rows, frozen=2)], made_at=made_at)


def forms_workbook(sheets: Sequence[FormSheet], *, made_at: datetime) -> bytes:
    """A form of several sheets, in the order of their tabs."""
    book = _Book(made_at)
    for sheet in sheets:
        book.add_form(sheet)
    book.add_lists()
    return book.content()


class _Book:
    """A workbook while it is written."""

    def __init__(self, made_at: datetime) -> None:
        import xlsxwriter  # noqa: PLC0415 - 3 MB, loaded with the first workbook

        self._written = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._written, {"in_memory": True})
        self.workbook.set_properties({"created": made_at.astimezone(UTC).replace(tzinfo=None)})
        self._of_runs = self.workbook.add_format()
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        # Those that are too long for a validation, each once.
        self._lists: dict[tuple[str, ...], str] = {}

    def add_form(self, form: FormSheet) -> None:
        """A sheet of a form, with its headings, rows, choices and notes."""
        sheet = self.workbook.add_worksheet(form.name)
        sheet.freeze_panes(1, form.frozen)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        if form.is_example:
            sheet.set_tab_color(_GREY)
        own = [_FORM | _colour(form, column) for column in form.columns]
        for at, column in enumerate(form.columns):
            sheet.set_column_pixels(at, at, 7 * column.width, self._format(_FORM))
            self.write(sheet, 0, at, column.heading, self._format(own[at] | _HEADING))
            if not form.is_example:
                self._guide(sheet, at, column, form.most_rows)
        formats = [self._format(one) for one in own]
        for number, row in enumerate(form.rows, start=1):
            for at, (value, own_format) in enumerate(zip(row, formats, strict=True)):
                self.write(sheet, number, at, value, own_format)

    def _guide(self, sheet: Any, at: int, column: Column, most_rows: int) -> None:
        """Let Excel offer a column's choices, refuse others, and show what it means."""
        shown: dict[str, Any] = {}
        if column.note:
            shown = {
                "input_title": column.heading[:_LONGEST_TITLE],
                "input_message": _cut(column.note),
            }
            sheet.data_validation(0, at, 0, at, {"validate": "any"} | shown)
        if column.choices:
            listed = "、".join(column.choices)
            shown |= {
                "validate": "list",
                "source": self._source(column.choices),
                "error_title": column.heading[:_LONGEST_TITLE],
                "error_message": _cut(f"次のどれかを入れてください。{listed}"),
            }
        if shown and most_rows:
            sheet.data_validation(1, at, most_rows, at, {"validate": "any"} | shown)

    def _source(self, choices: tuple[str, ...]) -> list[str] | str:
        """The choices as a validation takes them: themselves, or where they are listed."""
        if len(",".join(choices)) <= _LONGEST_LIST and not any("," in one for one in choices):
            return list(choices)
        if choices not in self._lists:
            letters = column_letters(len(self._lists) + 1)
            self._lists[choices] = f"='{LISTS}'!${letters}$1:${letters}${len(choices)}"
        return self._lists[choices]

    def add_lists(self) -> None:
        """The long choices, on a sheet that nobody sees."""
        if not self._lists:
            return
        sheet = self.workbook.add_worksheet(LISTS)
        sheet.hide()
        for at, choices in enumerate(self._lists):
            for number, choice in enumerate(choices):
                self.write(sheet, number, at, choice)

    def _format(self, properties: dict[str, Any]) -> Any:
        """The format of these properties, the same one wherever they are asked for."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def write(self, sheet: Any, row: int, column: int, value: Value, own: Any = None) -> None:
        """A text cell in a format of XlsxWriter; blank ones of a form are written too, for it."""
        text = written_text(value)
        if not text:
            sheet.write_blank(row, column, None, own)
        elif _MISTAKEN.search(text):
            runs = [one for piece in _CUT.split(text) for one in (self._of_runs, piece)]
            sheet.write_rich_string(row, column, *runs, *([own] if own else []))
        else:
            sheet.write_string(row, column, text, own)

    def content(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self.workbook.close()
        return self._written.getvalue()


def _colour(form: FormSheet, column: Column) -> dict[str, Any]:
    if form.is_example:
        return _EXAMPLE
    return _FILLED if column.is_filled_in else {}


def _cut(text: str) -> str:
    """A text as long as Excel takes it beside a cell."""
    return text if len(text) <= _LONGEST_NOTE else f"{text[: _LONGEST_NOTE - 1]}…"
