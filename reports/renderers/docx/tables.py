"""Tables in the looks of a template's sample: its rows are copied and filled."""

from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from docx.shared import Twips

from reports.renderers.docx.elements import WORD, Element, legal, paragraph, run, w
from reports.renderers.docx.styles import STRONG
from reports.renderers.docx.widths import column_widths, fit, text_width

# Rows of more characters may break over pages; all others stay whole.
_MOST_IN_A_ROW_KEPT_WHOLE = 600
# A table of so few rows stays on one page.
_MOST_ROWS_KEPT_TOGETHER = 5
# A little more than the text: fonts differ, and a figure must not break.
_EASE = 1.03
# What words keep off the figures before them (type sizes), as the styles of the cells have it.
_INDENT_OF_WORDS = 0.45
_TWIPS_A_POINT = 20


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

    `size` is the type size of the cells in points, `sides` what the two sides of a cell take in
    twips.
    """

    properties: Element
    head: Element
    body: Element
    size: float
    sides: int

    def fits(self, rows: Rows, room: int) -> bool:
        """Whether a width (twips) has room for every figure on one line, beside words."""
        return fit(self._wanted(rows), rows.figures, room / self._em)

    def table(
        self, rows: Rows, *, title: str, room: int, styles: dict[str, str], is_followed: bool
    ) -> Element:
        """A table like this one, as wide as `room` (twips); `is_followed` by notes of its own.

        `styles` are the template's ids by name. The title and what the columns are is told to
        whoever can't see it. No cells are merged, so that rows can be read aloud, sorted and
        copied.
        """
        ems = column_widths(self._wanted(rows), rows.figures, room / self._em)
        widths = [round(one * self._em) for one in ems]
        widths[-1] += room - sum(widths)
        made = w(
            "tbl",
            _described(self.properties, rows, title, room),
            w("tblGrid", *(w("gridCol", w=one) for one in widths)),
        )
        head, alone = (_row_of(row, rows.figures, widths) for row in (self.head, self.body))
        _fill(head, rows.heads, styles)
        made.append(head)
        kept = _kept_with_next(alone)
        last = len(rows.cells) - 1
        for at, cells in enumerate(rows.cells):
            is_kept = last < _MOST_ROWS_KEPT_TOGETHER and (at < last or is_followed)
            row = deepcopy(kept if is_kept else alone)
            if _fill(row, cells, styles) > _MOST_IN_A_ROW_KEPT_WHOLE:
                for mark in list(row.iter(f"{WORD}cantSplit")):
                    mark.getparent().remove(mark)
            made.append(row)
        return made

    @property
    def _em(self) -> float:
        return self.size * _TWIPS_A_POINT

    def _wanted(self, rows: Rows) -> list[float]:
        """What each column takes with its longest text on one line, in type sizes."""
        sides = self.sides / self._em
        return [
            max(map(_cell_width, column)) * _EASE
            + sides
            + (0 if at in rows.figures else _INDENT_OF_WORDS)
            for at, column in enumerate(zip(rows.heads, *rows.cells, strict=True))
        ]


def _cell_width(cell: Cell) -> float:
    lines = [cell] if isinstance(cell, str) else [line.bold + line.text for line in cell]
    return max(map(text_width, lines), default=0)


def _described(properties: Element, rows: Rows, title: str, room: int) -> Element:
    properties = deepcopy(properties)
    width = properties.find(f"{WORD}tblW")
    width.set(f"{WORD}w", str(room))
    width.set(f"{WORD}type", "dxa")
    description = f"列は{'、'.join(rows.heads)}。見出しの下に{len(rows.cells)}行。"
    properties.extend([w("tblCaption", val=title), w("tblDescription", val=description)])
    return properties


def _row_of(sample: Element, figures: Collection[int], widths: Sequence[int]) -> Element:
    """A sample's row with a cell for each column, of words or of figures."""
    row = deepcopy(sample)
    words, figure = row.findall(f"{WORD}tc")
    row.remove(words)
    row.remove(figure)
    for at, width in enumerate(widths):
        cell = deepcopy(figure if at in figures else words)
        cell.width = Twips(width)
        row.append(cell)
    return row


def _kept_with_next(row: Element) -> Element:
    """The row, on the page of the one after it."""
    row = deepcopy(row)
    for block in row.iter(f"{WORD}p"):
        block.pPr.get_or_add_keepNext()
    return row


def _fill(row: Element, cells: Sequence[Cell], styles: dict[str, str]) -> int:
    """Write texts into the cells of a row; return how many characters they are."""
    count = 0
    for shown, cell in zip(list(row.iter(f"{WORD}t")), cells, strict=True):
        if isinstance(cell, str):
            shown.text = legal(cell)
            count += len(cell)
        else:
            block = shown.getparent().getparent()
            for made in _lines(block, cell, styles):
                block.addprevious(made)
            block.getparent().remove(block)
            count += sum(len(line.bold + line.text) for line in cell)
    return count


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
