"""On which page each heading comes to stand, as far as can be told before pages are set.

Lines have fixed heights and columns fixed widths, so that Word and this reckoning mostly
agree. Where they don't, a number is off until Word updates its fields, which it does by
itself when it prints or writes a PDF.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reports.renderers.docx import styles
from reports.renderers.docx.markup import Element, has, inner, is_paragraph, tag, value
from reports.renderers.docx.paragraph_style import ParagraphStyle
from reports.renderers.docx.style_sheet import resolved_style
from reports.renderers.docx.text_width import count_lines

_POINTS_A_MILLIMETRE = 72 / 25.4
_TWIPS_A_POINT = 20
_UNITS_A_POINT = 12700
_CELL_LINE = 12
# What lines take between rows and, together, around a table.
_BORDER, _BORDERS_AROUND = 0.5, 1.2
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
# Of a paragraph that goes on overleaf, the lines that stay together on either side.
_LINES_TOGETHER = 2


@dataclass(frozen=True, slots=True)
class _Piece:
    """What no page break divides.

    Points: its height, the space around it, and of a table the head that stands again above
    a piece that begins a page.
    """

    height: float
    before: float = 0
    after: float = 0
    head: float = 0
    is_glued: bool = False  # to the next piece
    begins_page: bool = False
    marks: tuple[str, ...] = ()


def pages_of_marks(body: Element) -> dict[str, int]:
    """The page of each bookmark, the body's first page being 1."""
    pages: dict[str, int] = {}
    page = 0
    for blocks, is_wide in _sections(body):
        across = styles.WIDE_TEXT_WIDTH if is_wide else styles.TEXT_WIDTH
        down = styles.WIDE_TEXT_HEIGHT if is_wide else styles.TEXT_HEIGHT
        pieces = _pieces(blocks, across * _POINTS_A_MILLIMETRE)
        page += 1
        for piece, at in _placed(pieces, page, down * _POINTS_A_MILLIMETRE):
            page = at
            pages |= dict.fromkeys(piece.marks, at)
    return pages


def _sections(body: Element) -> Iterator[tuple[list[Element], bool]]:
    """The blocks between changes of pages, and whether their pages are on their side."""
    blocks: list[Element] = []
    for block in body:
        end = block if tag(block) == "sectPr" else inner(block, "pPr", "sectPr")
        if end is not block:
            blocks.append(block)
        if end is not None:
            yield blocks, value(inner(end, "pgSz"), "orient") == "landscape"
            blocks = []


def _placed(pieces: Iterable[_Piece], page: int, room: float) -> Iterator[tuple[_Piece, int]]:
    """Each piece with its page."""
    filled = space = 0.0
    for chunk in _chunks(pieces):
        is_too_much = filled and filled + _height(chunk, space) > room >= _height(chunk)
        if is_too_much or (filled and chunk[0].begins_page):
            page, filled = page + 1, 0.0
        for piece in chunk:
            if filled and filled + max(space, piece.before) + piece.height > room:
                page, filled = page + 1, 0.0
            filled += (max(space, piece.before) if filled else piece.head) + piece.height
            space = piece.after
            yield piece, page


def _height(pieces: Iterable[_Piece], space: float | None = None) -> float:
    """The height of pieces one below the other, after a space; None at the top of a page.

    Of the space after a piece and that before the next one, the larger counts.
    """
    height = 0.0
    for piece in pieces:
        height += piece.height + (0 if space is None else max(space, piece.before))
        space = piece.after
    return height


def _chunks(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that stand on one page if a page can hold them."""
    chunk: list[_Piece] = []
    for piece in pieces:
        chunk.append(piece)
        if not piece.is_glued:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _pieces(blocks: Iterable[Element], across: float) -> Iterator[_Piece]:
    for block in blocks:
        yield from _lines(block, across) if is_paragraph(block) else _rows(block)


def _lines(block: Element, across: float) -> Iterator[_Piece]:
    """A paragraph's lines, the first two and the last two together."""
    style = _style_of(block)
    count, height = _size(block, style, across)
    if count < 2 * _LINES_TOGETHER or style.stays_whole:
        parts = [_Piece(count * height)]
    else:
        pair = _Piece(_LINES_TOGETHER * height)
        parts = [pair, *[_Piece(height)] * (count - 2 * _LINES_TOGETHER), pair]
    parts[0] = replace(
        parts[0],
        before=style.before,
        begins_page=style.begins_page,
        marks=tuple(value(one, "name") for one in block if tag(one) == "bookmarkStart"),
    )
    below = sum(one.space + one.points for one in style.borders if one.edge == "bottom")
    parts[-1] = replace(
        parts[-1],
        height=parts[-1].height + below,
        after=style.after,
        is_glued=style.stays_with_next or has(block, "pPr", "keepNext"),
    )
    yield from parts


def _style_of(block: Element) -> ParagraphStyle:
    # A paragraph's properties are its first child, and its style the first of them.
    return resolved_style(value(block[0][0], "val"))


def _size(block: Element, style: ParagraphStyle, across: float) -> tuple[int, float]:
    """How many lines a paragraph has and their height; a picture is one tall line."""
    height = style.line or 0
    if style.style == styles.FIGURE:
        return 1, sum(int(one.get("cy")) for one in block.iter(_EXTENT)) / _UNITS_A_POINT
    room = across - ((style.left or 0) + style.right) * _POINTS_A_MILLIMETRE
    room /= style.size or styles.BODY_SIZE
    return count_lines(_last_stretch(block), room), height


def _last_stretch(block: Element) -> str:
    """A paragraph's text behind its last tab stop, where it has one."""
    text = ""
    for run in block.iter("{*}r"):
        for part in run:
            if tag(part) == "tab":
                text = ""
            elif tag(part) == "t":
                text += part.text or ""
    return text


def _rows(table: Element) -> Iterator[_Piece]:
    """A table's rows, its head glued to the first."""
    _properties, grid, head, *rows = table
    widths = [int(value(column, "w")) for column in grid]
    head_height = _row_height(head, widths)
    yield _Piece(_BORDERS_AROUND + head_height, is_glued=True)
    for row in rows:
        height = _row_height(row, widths)
        is_glued = any(has(block, "pPr", "keepNext") for block in row.iter("{*}p"))
        # A row that may break does so after any of its lines.
        count = 1 if has(row, "trPr", "cantSplit") else round(height / _CELL_LINE)
        for at in range(count):
            yield _Piece(height / count, head=head_height, is_glued=is_glued and at == count - 1)


def _row_height(row: Element, widths: list[int]) -> float:
    cells = [cell for cell in row if tag(cell) == "tc"]
    sides = 2 * styles.CELL_SIDE * _POINTS_A_MILLIMETRE
    return _BORDER + max(
        _cell_height(cell, width / _TWIPS_A_POINT - sides)
        for cell, width in zip(cells, widths, strict=True)
    )


def _cell_height(cell: Element, across: float) -> float:
    height = space = 0.0
    for block in cell:
        if is_paragraph(block):
            style = _style_of(block)
            count, line = _size(block, style, across)
            height += max(space, style.before) + count * line
            space = style.after
    return height + space
