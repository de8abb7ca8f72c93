"""Tables: columns as wide as what stands in them, a head that every page repeats."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.renderers.docx import styles
from reports.renderers.docx.markup import Element, paragraph, twips, w
from reports.renderers.docx.text_width import text_width

# A cell is a text or ready paragraphs.
Cell = str | Sequence[Element]

# Rows of more characters may break over pages; all others stay whole.
_MOST_IN_A_ROW_KEPT_WHOLE = 600
# A table of so few rows stays on one page.
_MOST_ROWS_KEPT_WHOLE = 5
# Millimetres between a column of figures and one of words after it, beside the cells' sides.
_GAP = 1.2
# What columns with a share of the room get at least, of the whole width.
_LEAST_SHARED = 0.14


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and kind.

    `share` is its part of the room that is left, 0 for one as wide as its longest text.
    """

    head: str
    is_figure: bool = False
    share: float = 0


@dataclass(frozen=True, slots=True)
class Look:
    """The styles of a table's paragraphs and the type size (points) that they have."""

    cell: str
    figure: str
    head: str
    head_figure: str
    size: float


USUAL = Look(
    styles.CELL, styles.CELL_FIGURE, styles.CELL_HEAD, styles.CELL_HEAD_FIGURE, styles.CELL_SIZE
)
DENSE = Look(
    styles.DENSE, styles.DENSE_FIGURE, styles.DENSE_HEAD, styles.DENSE_HEAD_FIGURE,
    styles.DENSE_SIZE,
)  # fmt: skip


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    *,
    title: str,
    room: float,
    look: Look = USUAL,
    is_followed: bool = False,
) -> Element:
    """A table as wide as `room` (millimetres); `is_followed` by notes that belong to it.

    Its title and what its columns are is told to whoever can't see it. No cells are merged,
    so that rows can be read aloud, sorted and copied.
    """
    widths = column_widths(columns, rows, room=room, size=look.size)
    properties = w(
        "tblPr",
        w("tblStyle", val=styles.TABLE),
        w("tblW", w=sum(widths), type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, lastColumn=0,
          noHBand=0, noVBand=1),
        w("tblCaption", val=title),
        w("tblDescription", val=_described(columns, rows)),
    )  # fmt: skip
    grid = w("tblGrid", *(w("gridCol", w=one) for one in widths))
    is_kept = len(rows) <= _MOST_ROWS_KEPT_WHOLE
    last = len(rows) - 1
    body = [
        _row(columns, cells, widths, look, is_kept=is_kept and (at < last or is_followed))
        for at, cells in enumerate(rows)
    ]
    return w("tbl", properties, grid, _head(columns, widths, look), *body)


def fits(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, room: float, look: Look
) -> bool:
    """Whether texts and figures of one line find room, beside enough for the other columns."""
    needed = sum(_needed(columns, rows, look.size))
    return needed <= twips(room) * (1 - _LEAST_SHARED)


def _described(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> str:
    return f"列は{'、'.join(column.head for column in columns)}。見出しの下に{len(rows)}行。"


def _head(columns: Sequence[Column], widths: Sequence[int], look: Look) -> Element:
    cells = [
        _cell(
            at,
            columns,
            widths,
            [paragraph(look.head_figure if column.is_figure else look.head, column.head)],
        )
        for at, column in enumerate(columns)
    ]
    return w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells)


def _row(
    columns: Sequence[Column],
    cells: Sequence[Cell],
    widths: Sequence[int],
    look: Look,
    *,
    is_kept: bool,
) -> Element:
    """A row; `is_kept` on the page of the next one."""
    made = []
    for at, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        if isinstance(cell, str):
            style = look.figure if column.is_figure else look.cell
            cell = [paragraph(style, cell, stays_with_next=is_kept)]  # noqa: PLW2901
        made.append(_cell(at, columns, widths, cell))
    row = w("tr", *made)
    if sum(len(text) for text in row.itertext()) <= _MOST_IN_A_ROW_KEPT_WHOLE:
        row.insert(0, w("trPr", w("cantSplit")))
    return row


def _cell(
    at: int, columns: Sequence[Column], widths: Sequence[int], paragraphs: Iterable[Element]
) -> Element:
    """A cell of the column at a place."""
    properties = w("tcPr", w("tcW", w=widths[at], type="dxa"))
    if _is_apart(at, columns):
        gap = twips(styles.CELL_SIDE + _GAP)
        properties.append(w("tcMar", w("left", w=gap, type="dxa")))
    return w("tc", properties, *paragraphs)


def _is_apart(at: int, columns: Sequence[Column]) -> bool:
    """Whether a column of words follows one of figures, whose last digits would touch it."""
    return at > 0 and columns[at - 1].is_figure and not columns[at].is_figure


def column_widths(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, room: float, size: float
) -> list[int]:
    """The width of each column in twips; together they fill the room (millimetres)."""
    whole = twips(room)
    needed = _needed(columns, rows, size)
    shares = [column.share for column in columns]
    left = max(whole - sum(needed), whole * _LEAST_SHARED * bool(sum(shares)))
    if not sum(shares) or sum(needed) + left > whole:
        scale = (whole - left * bool(sum(shares))) / sum(needed)
        needed = [one * scale for one in needed]
    widths = [
        round(one or left * share / sum(shares)) for one, share in zip(needed, shares, strict=True)
    ]
    widths[-1] += whole - sum(widths)
    return widths


def _needed(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], size: float) -> list[float]:
    """What each column's longest text takes with its cell's sides, in twips; 0 for a share."""
    needed = []
    for at, column in enumerate(columns):
        if column.share:
            needed.append(0.0)
            continue
        cells = (column.head, *(row[at] for row in rows))
        texts = (cell for cell in cells if isinstance(cell, str))
        # A little more than the text: fonts differ, and a figure must not break.
        longest = 1.02 * max(map(text_width, texts)) * size * 20
        gap = _GAP if _is_apart(at, columns) else 0
        needed.append(longest + twips(2 * styles.CELL_SIDE + gap))
    return needed
