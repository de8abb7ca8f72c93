"""How a sheet is set up for A4, and where its pages end.

A program breaks pages between any two rows, also through a chart and behind a
heading. So every break is set here, a little before a page is surely full.
"""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

_A4 = 9
_LONG, _SHORT = 842.0, 595.0
_INCH = 72.0
_SIDE, _TOP, _BOTTOM = 0.5, 0.8, 0.7
# Programs differ by some points in how high they print a row.
_SURELY = 0.97
_POINTS_A_PIXEL = 0.75
_PIXELS_A_DIGIT, _PIXELS_A_COLUMN = 7, 5


class Page:
    """The paper of one sheet, all of its columns on one page; heights are in points."""

    def __init__(self, sheet: Worksheet, widths: Sequence[float], *, upright: bool) -> None:
        self._sheet = sheet
        self.width_pixels = sum(
            int(_PIXELS_A_DIGIT * one + 0.5) + _PIXELS_A_COLUMN for one in widths
        )
        across, down = (_SHORT, _LONG) if upright else (_LONG, _SHORT)
        scale = min((across - 2 * _SIDE * _INCH) / (self.width_pixels * _POINTS_A_PIXEL), 1)
        self._room = _SURELY * (down - (_TOP + _BOTTOM) * _INCH) / scale
        self._used = self._repeated = 0.0
        self._breaks: list[int] = []
        # The rows just written that head what comes next.
        self._head_row: int | None = None
        self._head_height = 0.0
        sheet.set_paper(_A4)
        if not upright:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=_SIDE, right=_SIDE, top=_TOP, bottom=_BOTTOM)

    def repeat_above(self) -> None:
        """Every further page begins with what was written so far."""
        self._repeated = self._used

    def repeat(self, height: float) -> None:
        """Every further page begins with rows of that height."""
        self._repeated = height

    def add(self, row: int, height: float, *, heads_next: bool = False) -> None:
        """That row is that high; one that `heads_next` stays on the page of the row behind it."""
        self.keep(row, height)
        self._used += height
        if heads_next:
            self._head_row = row if self._head_row is None else self._head_row
            self._head_height += height
        else:
            self._head_row, self._head_height = None, 0.0

    def keep(self, row: int, height: float) -> None:
        """Begin a page with that row, or its heads, unless the next `height` fits on this one."""
        before = self._used - self._head_height
        if self._used + height > self._room and before > self._repeated:
            self._breaks.append(row if self._head_row is None else self._head_row)
            self._used = self._repeated + self._head_height

    def finish(self) -> None:
        """Tell the sheet its breaks."""
        if self._breaks:
            self._sheet.set_h_pagebreaks(self._breaks)
