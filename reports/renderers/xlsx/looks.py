"""How cells look: few looks, shared by all sheets, each made once for a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

# On Windows since 8.1 and with Office; elsewhere a program picks its own Japanese font.
FONT = "游ゴシック"
FONT_SIZE = 10
TITLE_SCALE, COVER_SCALE, STRATEGY_SCALE = 1.6, 2.4, 1.4
BLUE, PALE_BLUE, GREY, LINE, SOFT = "#0017C1", "#3460FB", "#E6E6E6", "#BFBFBF", "#595959"
# Excel draws some characters from a font's Japanese set only where this is said.
_SHIFT_JIS = 128

DEFAULT: Mapping[str, Any] = {
    "font_name": FONT,
    "font_size": FONT_SIZE,
    "font_charset": _SHIFT_JIS,
    "font_scheme": False,
}


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A kind of cell, as XlsxWriter's properties."""

    properties: Mapping[str, Any]


_WRAPPED = {"text_wrap": True, "valign": "top"}
_RULED = {"border": 1, "border_color": LINE}

COVER = Look(_WRAPPED | {"font_size": FONT_SIZE * COVER_SCALE, "bold": True})
STRATEGY = Look(
    _WRAPPED | {"font_size": FONT_SIZE * STRATEGY_SCALE, "bottom": 5, "bottom_color": BLUE}
)
TITLE = Look(
    {"font_size": FONT_SIZE * TITLE_SCALE, "bold": True, "text_wrap": True, "valign": "vcenter"}
    | {"bottom": 2, "bottom_color": BLUE}
)
MARK = Look({"font_size": 12, "bold": True, "align": "center", "valign": "vcenter", "border": 2})
HEADING = Look({"font_size": 12, "bold": True, "font_color": BLUE, "valign": "vcenter"})
PLAIN = Look({"valign": "vcenter"})
BODY = Look(_WRAPPED)
STRONG = Look(_WRAPPED | {"bold": True, "font_size": 11})
NOTE = Look(_WRAPPED | {"font_size": 9, "font_color": SOFT})
LINK = Look({"font_color": BLUE, "underline": 1, "valign": "vcenter"})
HEAD = Look(
    _RULED
    | {"text_wrap": True, "align": "center", "valign": "vcenter", "bold": True, "bg_color": GREY}
)
# A short text of a table; a long one; a figure, or the word in its place.
CELL = Look(_RULED | {"text_wrap": True, "valign": "vcenter"})
TEXT = Look(_RULED | _WRAPPED)
FIGURE = Look(_RULED | {"align": "right", "valign": "vcenter"})
TOP_FIGURE = Look(_RULED | {"align": "right", "valign": "top"})


class Looks:
    """The formats of one workbook, made when they are first asked for."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[Look, str], Format] = {}

    def format(self, look: Look, number_format: str = "") -> Format:
        """The format of a look, with a number format for figures."""
        made = self._formats.get((look, number_format))
        if made is None:
            properties = dict(look.properties)
            if number_format:
                properties["num_format"] = number_format
            made = self._formats[look, number_format] = self._workbook.add_format(properties)
        return made
