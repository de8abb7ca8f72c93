"""Tables in the looks of a template's sample: its rows are copied and filled."""

import re
from collections.abc import Collection, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document
from docx.shared import Pt, Twips
from docx.table import Table as SampleTable
from docx.text.paragraph import Paragraph

from common.reading.characters import without_forbidden
from reports.charts.text import width
from reports.renderers.content.tables import Cell, Line, Table, lines_of
from reports.renderers.docx.elements import WORD, Element, paragraph, run, w

# Rows of more characters may break over pages; all others stay whole.
_MOST_IN_A_ROW_KEPT_WHOLE = 600
# A table of so few rows stays on one page.
_MOST_ROWS_KEPT_TOGETHER = 5
# A little more than the text: fonts differ, and a figure must not break.
_EASE = 1.03
# In type sizes: what words keep off the figures before them, as the styles of the cells have
# it, and the width at which they have enough, on several lines.
_INDENT_OF_WORDS, _SHORT = 0.45, 8.0
# Between Western and Japanese characters Word leaves a quarter of the type size.
_GAP = 0.25
_CHANGE_OF_SCRIPT = re.compile("[!-~](?=[\u3041-\u9fff])|[\u3041-\u9fff](?=[!-~])")
# Where a template says neither: Word's own, the two sides of a cell in twips.
_TYPE_SIZE, _CELL_SIDES = Pt(10.5), 216


class Sample:
    """The looks of tables: those of a table of two rows, each with a cell of words and of figures.

    Its texts are of no matter, and so are the numbers by which Word knows its rows.
    """

    def __init__(self, table: Element, document: Document) -> None:
        figure = Paragraph(table.tr_lst[1].tc_lst[1].p_lst[0], document)
        self._type_size, self._cell_sides = _type_size(figure), _cell_sides(table, document)
        table.tblPr.remove_all("w:tblCaption", "w:tblDescription")
        for row in table.tr_lst:
            row.attrib.clear()
            row[-2:] = [_empty(cell) for cell in row.tc_lst]
        self.table = table

    def least_width(self, table: Table) -> float:
        """The width (twips) at which every figure has one line, and words beside have enough."""
        least, _wanted = self._needs(table)
        return sum(least)

    def filled(self, table: Table, room: int, styles: dict[str, str]) -> Element:
        """A table in these looks, as wide as `room` (twips); `styles` are the ids by name.

        The title and what the columns are is told to whoever can't see it. No cells are merged,
        so that rows can be read aloud, sorted and copied.
        """
        made = deepcopy(self.table)
        description = f"列は{'、'.join(table.heads)}。見出しの下に{len(table.rows)}行。"
        made.tblPr.extend([w("tblCaption", val=table.title), w("tblDescription", val=description)])
        wide = made.tblPr.find(f"{WORD}tblW")
        wide.set(f"{WORD}type", "dxa")
        wide.set(f"{WORD}w", str(room))
        widths = self._widths(table, room)
        made.tblGrid[:] = [w("gridCol", w=one) for one in widths]
        samples = made.tr_lst
        made[:] = [made.tblPr, made.tblGrid]
        head, body = (_widened(row, table.figures, widths) for row in samples)
        is_short = len(table.rows) <= _MOST_ROWS_KEPT_TOGETHER
        last_kept = len(table.rows) - (not table.notes) if is_short else 0
        for at, cells in enumerate((table.heads, *table.rows)):
            row = deepcopy(body if at else head)
            if 0 < at <= last_kept:
                for block in row.iter(f"{WORD}p"):
                    block.pPr.get_or_add_keepNext()
            _fill(row, cells, styles)
            if row.xpath("string-length()") > _MOST_IN_A_ROW_KEPT_WHOLE:
                row.get_or_add_trPr().remove_all("w:cantSplit")
            made.append(row)
        return made

    def _widths(self, table: Table, room: int) -> list[int]:
        """The width of each column; together they fill the room.

        Each gets the least that it needs, figures as far as words leave it; then those words get
        more that lack least to have it all.
        """
        widths, wanted = self._needs(table)
        too_wide, of_figures = max(sum(widths) - room, 0), sum(widths[at] for at in table.figures)
        for at in table.figures:
            widths[at] = wanted[at] = widths[at] * (1 - too_wide / of_figures)
        lacking = [most - least for least, most in zip(widths, wanted, strict=True)]
        spare = max(room - sum(widths), 0.0)
        for before, at in enumerate(sorted(range(len(widths)), key=lacking.__getitem__)):
            more = min(lacking[at], spare / (len(widths) - before))
            widths[at] += more
            spare -= more
        rounded = [round(one * room / sum(widths)) for one in widths]
        rounded[-1] += room - sum(rounded)
        return rounded

    def _needs(self, table: Table) -> tuple[list[float], list[float]]:
        """What each column needs at least and to have its longest text on one line.

        Figures stay on one line, words may have several.
        """
        least, wanted = [], []
        for at, column in enumerate(zip(table.heads, *table.rows, strict=True)):
            is_figure = at in table.figures
            longest = max(map(_cell_width, column)) * _EASE + (not is_figure) * _INDENT_OF_WORDS
            whole = longest * self._type_size + self._cell_sides
            least.append(whole if is_figure else min(whole, _SHORT * self._type_size))
            wanted.append(whole)
        return least, wanted


def _type_size(figure: Paragraph) -> int:
    """In twips: what its first run says, or its style, or one that this is based on."""
    fonts, style = [one.font for one in figure.runs[:1]], figure.style
    while style is not None:
        fonts.append(style.font)
        style = style.base_style
    return int(next((font.size for font in fonts if font.size), _TYPE_SIZE).twips)


def _cell_sides(table: Element, document: Document) -> int:
    """In twips, what the two sides of a cell take: what the table says, or its style."""
    style: Any = SampleTable(table, document).style
    for one in (table, style.element):
        if sides := one.xpath("w:tblPr/w:tblCellMar/*[not(self::w:top | self::w:bottom)]/@w:w"):
            return sum(int(side) for side in sides)
    return _CELL_SIDES


def _empty(cell: Element) -> Element:
    """A cell in the looks of a sample, of its first paragraph and of the first run in this."""
    block = cell.p_lst[0]
    looks = (block.r_lst or [block.add_r()])[0].get_or_add_rPr()
    # As in `elements.run`.
    looks.get_or_add_rFonts().set(f"{WORD}hint", "eastAsia")
    shown = w("r", looks, w("t", ""))
    return w("tc", cell.get_or_add_tcPr(), w("p", block.get_or_add_pPr(), shown))


def _widened(row: Element, figures: Collection[int], widths: Sequence[int]) -> Element:
    """A sample's row with a cell for each column, of words or of figures."""
    words, figure = row.tc_lst
    row[-2:] = [deepcopy(figure if at in figures else words) for at in range(len(widths))]
    for cell, wide in zip(row.tc_lst, widths, strict=True):
        cell.width = Twips(wide)
    return row


def _cell_width(cell: Cell) -> float:
    """The width of a cell's longest line in type sizes."""
    texts = (line.bold + line.text for line in lines_of(cell))
    return max(width(text) + _GAP * len(_CHANGE_OF_SCRIPT.findall(text)) for text in texts)


def _fill(row: Element, cells: Sequence[Cell], styles: dict[str, str]) -> None:
    """Write texts into the cells of a row."""
    for shown, cell in zip(list(row.iter(f"{WORD}t")), cells, strict=True):
        if isinstance(cell, str):
            shown.text = without_forbidden(cell)
        else:
            block = shown.getparent().getparent()
            block.getparent()[-1:] = [_line(block.pPr, line, styles) for line in lines_of(cell)]


def _line(looks: Element, line: Line, styles: dict[str, str]) -> Element:
    """A paragraph of a cell, in the looks of the sample's or in a style of its own."""
    bold = [run(line.bold, styles["Strong"])] if line.bold else []
    runs = [*bold, run(line.text)] if line.text else bold
    if line.style:
        return paragraph(styles[line.style], *runs)
    return w("p", deepcopy(looks), *runs)
