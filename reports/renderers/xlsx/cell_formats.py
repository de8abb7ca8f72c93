"""How cells look: few formats, shared by all sheets, each made once for a workbook."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

# On Windows since 8.1 and with Office; elsewhere a program picks its own Japanese font.
FONT = "游ゴシック"
FONT_SIZE = 10
BLUE, PALE_BLUE = "#0017C1", "#3460FB"
GREY, LINE, RULE, SOFT = "#E6E6E6", "#BFBFBF", "#7F7F7F", "#595959"
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
    """A kind of cell: XlsxWriter's properties, and its type's size beside the body's."""

    properties: Mapping[str, Any]
    scale: float = 1

    @property
    def wraps(self) -> bool:
        """Whether a text in it breaks its lines."""
        return "text_wrap" in self.properties


_WRAPPED = {"text_wrap": True, "valign": "top"}
_CENTRED = {"text_wrap": True, "valign": "vcenter"}
_RULED = {"border": 1, "border_color": LINE}
_UNDERLINED = {"bottom": 2, "bottom_color": BLUE}


def _sized(scale: float, **properties: Any) -> Look:
    return Look({"font_size": round(FONT_SIZE * scale, 1), **properties}, scale)


COVER = _sized(2.4, **_WRAPPED, bold=True)
STRATEGY = _sized(1.4, **_WRAPPED, bottom=5, bottom_color=BLUE)
BANNER = _sized(1.2, **_CENTRED, bold=True, border=2, indent=1)
TITLE = _sized(1.6, **_CENTRED, **_UNDERLINED, bold=True)
MARK = _sized(1.4, **_UNDERLINED, bold=True, align="right", valign="vcenter")
HEADING = _sized(1.2, bold=True, font_color=BLUE, valign="vcenter")
STRONG = _sized(1.1, **_WRAPPED, bold=True)
NOTE = _sized(0.9, **_WRAPPED, font_color=SOFT)
BODY = Look(_WRAPPED)
# On one line, which may reach over the empty cells beside its own.
LINE_OF_BODY = Look({"valign": "top"})
LINE_OF_NOTE = _sized(0.9, valign="top", font_color=SOFT)
ONE_LINE: Mapping[Look, Look] = {BODY: LINE_OF_BODY, NOTE: LINE_OF_NOTE}
LINK = Look({"font_color": BLUE, "underline": 1, "valign": "top"})
HEAD = Look(_CENTRED | _RULED | {"align": "center", "bold": True, "bg_color": GREY})
# A short text of a table; a long one; a figure, or the word in its place.
CELL = Look(_CENTRED | _RULED)
TEXT = Look(_WRAPPED | _RULED)
# The space at the right is in the number format, as LibreOffice loses some cells' indents.
_RIGHT = _RULED | {"align": "right", "num_format": "@_ "}
FIGURE = Look(_RIGHT | {"valign": "vcenter"})
TOP_FIGURE = Look(_RIGHT | {"valign": "top"})


class CellFormats:
    """The formats of one workbook, made when they are first asked for."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[Look, str], Format] = {}

    def format(self, look: Look, number_format: str = "") -> Format:
        """The format of a look, with a number format for figures."""
        made = self._formats.get((look, number_format))
        if made is None:
            own = {"num_format": number_format} if number_format else {}
            made = self._workbook.add_format({**look.properties, **own})
            self._formats[look, number_format] = made
        return made
