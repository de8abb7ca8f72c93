"""What the styles of an XLSX mean for its cells: kind of number, and marks of the font."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from common.spreadsheets.marked_text import Mark
from common.spreadsheets.number_formats import NumberKind, kind_of
from common.spreadsheets.rich_text import MARKING, mark_of
from common.spreadsheets.xml_parts import Attributes, walk

# Excel has 64,000 cell formats at most.
_MOST_ELEMENTS = 300_000


class Style(NamedTuple):
    """What a cell's style means for what it says."""

    kind: NumberKind = NumberKind.PLAIN
    mark: Mark | None = None


class _Styles:
    """The styles while their part is walked."""

    def __init__(self) -> None:
        self.fonts: list[Mark | None] = []
        self.codes: dict[int, str] = {}
        self.cell_formats: list[tuple[int, int]] = []
        # The list that is being walked: dxfs too have fonts and formats, of no cell's.
        self.within = ""
        lists = ("fonts", "numFmts", "cellXfs")
        self.starts: dict[str, Callable[[Attributes], None]] = {
            **{name: partial(self._enter, name) for name in lists},
            "font": self._font,
            "numFmt": self._number_format,
            "xf": self._cell_format,
            **{name: partial(self._mark_font, name) for name in MARKING},
        }
        self.ends = dict.fromkeys(lists, partial(self._enter, ""))

    def _enter(self, name: str, _attributes: Attributes | None = None) -> None:
        self.within = name

    def _font(self, _attributes: Attributes) -> None:
        if self.within == "fonts":
            self.fonts.append(None)

    def _mark_font(self, element: str, attributes: Attributes) -> None:
        if self.within == "fonts":
            self.fonts[-1] = self.fonts[-1] or mark_of(element, attributes)

    def _number_format(self, attributes: Attributes) -> None:
        if self.within == "numFmts":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def _cell_format(self, attributes: Attributes) -> None:
        if self.within == "cellXfs":
            number, font = attributes.get("numFmtId", "0"), attributes.get("fontId", "0")
            self.cell_formats.append((int(number), int(font)))


def cell_styles(pieces: Iterable[bytes]) -> list[Style]:
    """The styles in the order of the numbers by which cells name them."""
    found = _Styles()
    walk(pieces, found.starts, found.ends, most_elements=_MOST_ELEMENTS)
    kinds = {
        number: kind_of(number, found.codes.get(number)) for number, _font in found.cell_formats
    }
    return [
        Style(kinds[number], found.fonts[font] if font < len(found.fonts) else None)
        for number, font in found.cell_formats
    ]
