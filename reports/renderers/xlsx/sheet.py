"""One sheet for people, written from its top down."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from xlsxwriter.format import Format

from common.fiscal_year import wareki_date
from reports.renderers.clean_text import clean_lines
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import ROW_HEIGHT, Book, Printout
from reports.renderers.xlsx.cell_formats import Look
from reports.renderers.xlsx.figures import Content, Figure
from reports.renderers.xlsx.measures import HIGHEST, MOST_LINES, first_part, height_of, lines_of
from reports.renderers.xlsx.page import Page

SAMPLE = "実績値はすべて架空（見本）です。"
_GAP = 12.0
# Of a table's words and figures.
_LOOKS = cell_formats.CELL, cell_formats.FIGURE
_LONG_LOOKS = cell_formats.TEXT, cell_formats.TOP_FIGURE
# Excel takes 255 characters for a header's three parts together.
_MOST_IN_HEADER = 60


# The first and the last column that a cell reaches over.
Span = tuple[int, int]


class Place(NamedTuple):
    """Where a row's cell stands, from one column to another, and how it looks.

    `width` is the room for a text that breaks its lines, 0 where none does;
    `format` is that of a text.
    """

    first: int
    last: int
    look: Look
    width: float
    format: Format


class Sheet:
    """A sheet with fixed columns; `row` is the next row to write.

    Every row gets its height here: not all programs fit rows to their texts, and
    none does for a cell over several columns.
    """

    def __init__(
        self, book: Printout, name: str, widths: Sequence[float], *, upright: bool
    ) -> None:
        self.book = book
        self.widths = widths
        self.last_column = len(widths) - 1
        self.row = 0
        self.sheet = book.add_sheet(name)
        self.page = Page(self.sheet, widths, upright=upright)
        self._format = book.formats.format
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.hide_gridlines(2)
        self._set_headers()

    @property
    def name(self) -> str:
        """The name under which Excel shows it."""
        return str(self.sheet.get_name())

    def title(self, text: str, below: str = "") -> None:
        """The sheet's name, its edition beside it, and what it belongs to."""
        about, last = self.book.about, self.last_column
        places = self.places([cell_formats.TITLE, cell_formats.MARK], [(0, last - 1), (last, last)])
        self.cells(places, [text, about.edition_label])
        sample = SAMPLE if about.is_sample else ""
        belongs = filter(None, (self.book.municipality, self.book.name, below, sample))
        self.paragraph("　".join(belongs), cell_formats.NOTE)

    def heading(self, text: str) -> None:
        """A part's heading, below a gap."""
        self._end_row(_GAP)
        self.cells(self.places([cell_formats.HEADING]), [text], heads_next=True)

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty, one after the other of the usual height."""
        for row in range(self.row, self.row + rows):
            self.page.add(row, ROW_HEIGHT)
        self.row += rows

    def places(self, row_formats: Iterable[Look], spans: Iterable[Span] = ()) -> list[Place]:
        """A table's columns: one each, or the first and last of the sheet's that it spans."""
        spans = spans or [(column, column) for column in range(len(self.widths))]
        return [self._place(*span, look) for look, span in zip(row_formats, spans, strict=False)]

    def paragraph(self, text: str, look: Look = cell_formats.BODY) -> None:
        """A text across the whole sheet."""
        cleaned = clean_lines(text)
        whole = self._place(0, self.last_column, look)
        if look in cell_formats.ONE_LINE and lines_of(cleaned, whole.width) == 1:
            whole = self._place(0, 0, cell_formats.ONE_LINE[look])
        self.cells([whole], [cleaned])

    def table(
        self,
        labels: Sequence[str],
        rows: Iterable[Iterable[Content]],
        *,
        figures: Collection[int] = (),
        is_long: bool = False,
        spans: Sequence[Span] = (),
        stays_with: int | None = None,
    ) -> int:
        """A table's head and rows; returns the row below the head.

        `figures` are the places of the columns of numbers, and `is_long` says that the others'
        texts are. The head stays in sight where `stays_with` is a count of columns that do, too.
        """
        heads = self.places([cell_formats.HEAD] * len(labels), spans)
        self.cells(heads, labels, heads_next=True)
        if stays_with is not None:
            self.stay_above(stays_with)
        text, figure = _LONG_LOOKS if is_long else _LOOKS
        looks = [figure if at in figures else text for at in range(len(labels))]
        places, first_row = self.places(looks, spans), self.row
        for contents in rows:
            self.cells(places, contents)
        return first_row

    def cells(
        self, places: Sequence[Place], contents: Iterable[Content], *, heads_next: bool = False
    ) -> None:
        """A row; a text that is too long for one goes on in the next ones."""
        rest = self._row(places, contents, heads_next=heads_next)
        while any(rest):
            rest = self._row(places, rest, heads_next=False)

    def stay_above(self, columns: int = 0) -> None:
        """What was written so far, and columns from the left, stay in sight and are repeated."""
        self.sheet.repeat_rows(0, self.row - 1)
        self.sheet.freeze_panes(self.row, columns)
        self.page.repeat_above()

    def repeat_head(self, row: int) -> None:
        """The one row of a table's head is repeated on every page, and nothing above it."""
        self.sheet.repeat_rows(row, row)
        self.page.repeat(ROW_HEIGHT)

    def finish(self) -> None:
        """Set what is printed."""
        self.sheet.print_area(0, 0, self.row - 1, self.last_column)
        self.page.finish()

    def _row(
        self, places: Sequence[Place], contents: Iterable[Content], *, heads_next: bool
    ) -> list[str]:
        """One row; returns what of its texts is left for the next."""
        most = 0.0
        rest = [""] * len(places)
        for at, (place, content) in enumerate(zip(places, contents, strict=True)):
            first, last, look, width, plain = place
            lines = 1
            if first < last:
                self.sheet.merge_range(self.row, first, self.row, last, "", plain)
            if isinstance(content, Figure):
                with_number = self._format(look, content.number_format)
                self.sheet.write_number(self.row, first, content.number, with_number)
            elif content:
                text = content if content.isprintable() else clean_lines(content)
                lines = lines_of(text, width) if width else 1
                if lines > MOST_LINES:
                    text, rest[at] = first_part(text, width)
                    lines = lines_of(text, width)
                # Never `write`, which takes some texts for formulas, links or numbers.
                self.sheet.write_string(self.row, first, text, plain)
            else:
                self.sheet.write_blank(self.row, first, None, plain)
            most = max(most, lines * look.scale)
        self._end_row(height_of(most), heads_next=heads_next)
        return rest

    def _place(self, first: int, last: int, look: Look) -> Place:
        width = sum(self.widths[first : last + 1]) / look.scale if look.wraps else 0
        return Place(first, last, look, width, self._format(look))

    def _end_row(self, height: float, *, heads_next: bool = False) -> None:
        height = min(height, HIGHEST)
        if height != ROW_HEIGHT:
            self.sheet.set_row(self.row, height)
        self.page.add(self.row, height, heads_next=heads_next)
        self.row += 1

    def _set_headers(self) -> None:
        about = self.book.about
        municipality, title = map(_in_header, (self.book.municipality, self.book.name))
        self.sheet.set_header(f"&L{municipality}&C{title}&R{about.edition_label}")
        sample = SAMPLE if about.is_sample else ""
        made_on = wareki_date(about.made_at.date())
        self.sheet.set_footer(f"&L{sample}&C&P / &N&R{made_on}")


class ReportSheet(Sheet):
    """A sheet of a report's workbook."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], *, upright: bool) -> None:
        super().__init__(book, name, widths, upright=upright)
        self.report = book.report


def _in_header(text: str) -> str:
    """A text as Excel's headers take it, where & begins a code."""
    return text[:_MOST_IN_HEADER].replace("&", "&&")
