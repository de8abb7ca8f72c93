"""The workbook as a whole: its properties, its formats and the names of its sheets."""

import io
import re
from datetime import UTC, datetime
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.theme import THEME_XML_2007
from xlsxwriter.worksheet import Worksheet

from projects.words import PlanWords
from reports.annual.document import AnnualReport
from reports.renderers.clean_text import clean_line
from reports.renderers.xlsx.cell_formats import DEFAULT, FONT, CellFormats

# What a row takes with one line of the body's type.
ROW_PIXELS, ROW_HEIGHT = 28, 21.0
_OPTIONS: dict[str, Any] = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_format_properties": dict(DEFAULT),
    "default_row_height": ROW_PIXELS,
}
# Charts take their type from the theme.
_THEME = THEME_XML_2007.replace(
    '<a:latin typeface="Calibri"/><a:ea typeface=""/>',
    f'<a:latin typeface="{FONT}"/><a:ea typeface="{FONT}"/>',
)
_MOST_NAME_UNITS = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_RESERVED = "history"


class Printed(Protocol):
    """What a workbook is made of, as its properties, titles and margins name it."""

    @property
    def title(self) -> str: ...
    @property
    def strategy_name(self) -> str: ...
    @property
    def municipality(self) -> str: ...
    @property
    def words(self) -> PlanWords: ...
    @property
    def edition_label(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...
    @property
    def is_sample(self) -> bool: ...


class Printout:
    """A workbook that is being written; `content` closes it."""

    def __init__(self, about: Printed) -> None:
        self.about = about
        self.name = about.title
        self.words = about.words
        self.municipality = clean_line(about.municipality)
        self._written = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._written, _OPTIONS)
        self.workbook.use_custom_theme(io.StringIO(_THEME))
        self.workbook.set_properties(
            {
                "title": self.name,
                "subject": clean_line(about.strategy_name),
                "author": self.municipality,
                "company": self.municipality,
                "comments": about.edition_label,
                "created": about.made_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        self.formats = CellFormats(self.workbook)
        self._names = {_RESERVED}

    def add_sheet(self, wanted: str) -> Worksheet:
        """A new sheet under a name that Excel takes.

        At most 31 UTF-16 units, no reserved sign, not yet taken.
        """
        plain = _NOT_IN_NAMES.sub("", clean_line(wanted)).strip() or "シート"
        name, number = _cut(plain, _MOST_NAME_UNITS), 1
        while name.casefold() in self._names:
            number += 1
            name = f"{_cut(plain, _MOST_NAME_UNITS - 5)} ({number})"
        self._names.add(name.casefold())
        return self.workbook.add_worksheet(name)

    def content(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self.workbook.close()
        return self._written.getvalue()


class Book(Printout):
    """The workbook of a report."""

    def __init__(self, report: AnnualReport) -> None:
        super().__init__(report)
        self.report = report


def _cut(text: str, most_units: int) -> str:
    """The text's beginning, in as many UTF-16 units as Excel counts."""
    while len(text.encode("utf-16-le")) > 2 * most_units:
        text = text[:-1]
    return text.strip()
