"""What the styles of an XLSX mean for its cells: a percentage or a day, and marks of the font."""

import re
from typing import IO, NamedTuple

from common.spreadsheets.cells import NumberKind
from common.spreadsheets.texts import Mark, mark_of
from common.spreadsheets.xml_parts import elements

# Built-in formats of dates and times, those of Japanese Excel included.
_DATE_IDS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_IDS = frozenset((9, 10))
# Literal text, and what stands for a blank or a colour; [h] is a time.
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_NOT_A_DATE = re.compile(r"general|e[-+]", re.IGNORECASE)
# Year, month, day, hour, second; era, year of the era, day of the week.
_DATE_LETTER = re.compile(r"[ymdhsgea]", re.IGNORECASE)


class Style(NamedTuple):
    """What a cell's style means for what it says."""

    kind: NumberKind = NumberKind.PLAIN
    mark: Mark | None = None


def cell_styles(part: IO[bytes]) -> list[Style]:
    """The styles in the order of the numbers by which cells name them."""
    marks: list[Mark | None] = []
    codes: dict[int, str] = {}
    cell_formats: list[tuple[int, int]] = []
    # Only what these lists have: dxfs too have fonts and formats, of no cell's.
    for found in elements(part, ("fonts", "numFmts", "cellXfs")):
        if found.tag == "fonts":
            marks = [mark_of(font) for font in found]
        elif found.tag == "numFmts":
            codes = {int(one.attrib["numFmtId"]): one.get("formatCode", "") for one in found}
        else:
            cell_formats = [
                (int(one.get("numFmtId", "0")), int(one.get("fontId", "0"))) for one in found
            ]
    kinds = {number: _kind_of(number, codes.get(number)) for number, _font in cell_formats}
    return [
        Style(kinds[number], marks[font] if font < len(marks) else None)
        for number, font in cell_formats
    ]


def _kind_of(format_id: int, code: str | None) -> NumberKind:
    """The kind by the number of a format, and its code where the file defines one."""
    if code is None:
        if format_id in _PERCENT_IDS:
            return NumberKind.PERCENT
        return NumberKind.DATE if format_id in _DATE_IDS else NumberKind.PLAIN
    shown = _NOT_SHOWN.sub("", code)
    if "%" in shown:
        return NumberKind.PERCENT
    if _DATE_LETTER.search(_NOT_A_DATE.sub("", shown)):
        return NumberKind.DATE
    return NumberKind.PLAIN
