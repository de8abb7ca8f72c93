"""Tables in the looks of a template's sample: its rows are copied and filled."""

import re
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from docx.shared import Twips

from reports.charts.text import width
from reports.renderers.docx.elements import WORD, Element, legal, paragraph, run, w
from reports.renderers.docx.styles import STRONG

# Rows of more characters may break over pages; all others stay whole.
_MOST_IN_A_ROW_KEPT_WHOLE = 600
# A table of so few rows stays on one page.
_MOST_ROWS_KEPT_TOGETHER = 5
# A little more than the text: fonts differ, and a figure must not break.
_EASE = 1.03
# In type sizes: what words keep off the figures before them, as the styles of the cells have
# it, and how much words may want before figures get it.
_INDENT_OF_WORDS, _SHORT = 0.45, 8.0
# Between Western and Japanese characters Word leaves a quarter of the type size.
_GAP = 0.25
_CHANGE_OF_SCRIPT = re.compile("[!-~](?=[\u3041-\u9fff])|[\u3041-\u9fff](?=[!-~])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a cell: what stands before its text in bold, and its style if not the cell's."""

    text: str
    bold: str = ""
    style: str = ""


# A text, or lines one below the other.
Cell = str | Sequence[Line]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's texts: `figures` are the places of the columns whose cells are numbers."""

    heads: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    figures: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """The template's table: its properties, and rows of two cells, one of words and one of figures.

    In twips: `size` is the type size of the cells, `sides` what the two sides of a cell take.
    """

    properties: Element
    head: Element
    body: Element
    size: float
    sides: int

    def fits(self, rows: Rows, room: int) -> bool:
        """Whether a width (twips) has room for every figure on one line, beside words."""
        return sum(self._least(self._wanted(rows), rows.figures)) <= room

    def table(
        self, rows: Rows, *, title: str, room: int, styles: dict[str, str], is_followed: bool
    ) -> Element:
        """A table like this one, as wide as `room` (twips); `is_followed` by notes of its own.

        `styles` are the template's ids by name. The title and what the columns are is told to
        whoever can't see it. No cells are merged, so that rows can be read aloud, sorted and
        copied.
        """
        widths = self._widths(rows, room)
        made = w(
            "tbl",
            _described(self.properties, rows, title, room),
            w("tblGrid", *(w("gridCol", w=one) for one in widths)),
        )
        head, body = (_row_of(row, rows.figures, widths) for row in (self.head, self.body))
        is_short = len(rows.cells) <= _MOST_ROWS_KEPT_TOGETHER
        last_kept = len(rows.cells) - (not is_followed) if is_short else 0
        for at, cells in enumerate((rows.heads, *rows.cells)):
            row = deepcopy(body if at else head)
            if 0 < at <= last_kept:
                for block in row.iter(f"{WORD}p"):
                    block.pPr.get_or_add_keepNext()
            _fill(row, cells, styles)
            if row.xpath("string-length()") > _MOST_IN_A_ROW_KEPT_WHOLE:
                row.get_or_add_trPr().remove_all("w:cantSplit")
            made.append(row)
        return made

    def _widths(self, rows: Rows, room: int) -> list[int]:
        """The width of each column; together they fill the room.

        Columns of figures get what they want as far as words have enough, then those of words
        that want least.
        """
        wanted = self._wanted(rows)
        lacking = max(sum(self._least(wanted, rows.figures)) - room, 0)
        of_figures = sum(wanted[at] for at in rows.figures)
        widths = list(wanted)
        for at in rows.figures:
            widths[at] *= 1 - lacking / of_figures
        left = room - (of_figures - lacking)
        words = sorted(set(range(len(wanted))) - set(rows.figures), key=wanted.__getitem__)
        for before, at in enumerate(words):
            widths[at] = min(wanted[at], left / (len(words) - before))
            left -= widths[at]
        rounded = [round(one * room / sum(widths)) for one in widths]
        rounded[-1] += room - sum(rounded)
        return rounded

    def _wanted(self, rows: Rows) -> list[float]:
        """What each column takes with its longest text on one line."""
        columns = zip(rows.heads, *rows.cells, strict=True)
        return [
            self.size * (max(map(_cell_width, column)) * _EASE)
            + self.size * (0 if at in rows.figures else _INDENT_OF_WORDS)
            + self.sides
            for at, column in enumerate(columns)
        ]

    def _least(self, wanted: Sequence[float], figures: Collection[int]) -> list[float]:
        """What each column needs: figures stay on one line, words have several."""
        enough = self.size * _SHORT
        return [one if at in figures else min(one, enough) for at, one in enumerate(wanted)]


def _cell_width(cell: Cell) -> float:
    """The width of a cell's longest line in type sizes."""
    lines = [cell] if isinstance(cell, str) else [line.bold + line.text for line in cell]
    return max(width(line) + _GAP * len(_CHANGE_OF_SCRIPT.findall(line)) for line in lines)


def _described(properties: Element, rows: Rows, title: str, room: int) -> Element:
    properties = deepcopy(properties)
    wide = properties.find(f"{WORD}tblW")
    wide.set(f"{WORD}w", str(room))
    wide.set(f"{WORD}type", "dxa")
    description = f"列は{'、'.join(rows.heads)}。見出しの下に{len(rows.cells)}行。"
    properties.extend([w("tblCaption", val=title), w("tblDescription", val=description)])
    return properties


def _row_of(sample: Element, figures: Collection[int], widths: Sequence[int]) -> Element:
    """A sample's row with a cell for each column, of words or of figures."""
    row = deepcopy(sample)
    words, figure = row.tc_lst
    row.remove(words)
    row.remove(figure)
    for at, wide in enumerate(widths):
        cell = deepcopy(figure if at in figures else words)
        cell.width = Twips(wide)
        row.append(cell)
    return row


def _fill(row: Element, cells: Sequence[Cell], styles: dict[str, str]) -> None:
    """Write texts into the cells of a row."""
    for shown, cell in zip(list(row.iter(f"{WORD}t")), cells, strict=True):
        if isinstance(cell, str):
            shown.text = legal(cell)
        else:
            block = shown.getparent().getparent()
            block.getparent()[-1:] = _lines(block, cell, styles)


def _lines(sample: Element, lines: Sequence[Line], styles: dict[str, str]) -> Iterator[Element]:
    """Paragraphs of a cell, of which the template's has the looks where a line names none."""
    for line in lines:
        runs = [run(line.bold, styles[STRONG])] if line.bold else []
        runs += [run(line.text)] if line.text else []
        if line.style:
            yield paragraph(styles[line.style], *runs)
        else:
            made = deepcopy(sample)
            made[1:] = runs
            yield made
