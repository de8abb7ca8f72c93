"""One sheet for people, written from its top down."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from projects.fiscal_year import wareki_date
from reports.renderers.clean_text import clean_lines
from reports.renderers.xlsx import looks
from reports.renderers.xlsx.book import ROW_HEIGHT, Book
from reports.renderers.xlsx.figures import Content, Figure
from reports.renderers.xlsx.looks import Look
from reports.renderers.xlsx.measures import height_of, lines_of, pieces
from reports.renderers.xlsx.page import Page

SAMPLE = "実績値はすべて架空（見本）です。"
# Excel takes 255 characters for a header's three parts together.
_MOST_IN_HEADER = 60
# A heading stays with this much of what it heads.
_KEPT_WITH_HEADING = 90.0


class Span(NamedTuple):
    """A cell that reaches from one column to another; texts may go on in further rows."""

    first: int
    last: int
    content: Content
    look: Look


class Sheet:
    """A sheet with fixed columns; `row` is the next row to write.

    Every row gets its height here: not all programs fit rows to their texts, and
    none does for a cell over several columns.
    """

    def __init__(self, book: Book, name: str, widths: Sequence[float], *, upright: bool) -> None:
        self.book = book
        self.widths = widths
        self.last_column = len(widths) - 1
        self.row = 0
        self.sheet = book.add_sheet(name)
        self.page = Page(self.sheet, widths, upright=upright)
        self._format = book.looks.format
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.hide_gridlines(2)
        self._set_headers()

    @property
    def name(self) -> str:
        """The name under which Excel shows it."""
        return self.sheet.get_name()

    def title(self, text: str, below: str = "") -> None:
        """The sheet's name, its edition beside it, and which report it belongs to."""
        report, last = self.book.report, self.last_column
        self.spans(
            [
                Span(0, last - 1, text, looks.TITLE),
                Span(last, last, report.edition_label, looks.MARK),
            ]
        )
        sample = SAMPLE if report.is_sample else ""
        belongs = filter(None, (self.book.municipality, self.book.name, below, sample))
        self.paragraph("　".join(belongs), looks.NOTE)

    def heading(self, text: str) -> None:
        """A part's heading, below an empty row."""
        self.skip()
        self.page.keep(self.row, _KEPT_WITH_HEADING)
        self.write(0, text, looks.HEADING)
        self._end_row(height_of(looks.HEADING.scale))

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty, one after the other of the usual height."""
        for row in range(self.row, self.row + rows):
            self.page.add(row, ROW_HEIGHT)
        self.row += rows

    def paragraph(self, text: str, look: Look = looks.BODY) -> None:
        """A text across the whole sheet."""
        cleaned = clean_lines(text)
        line = looks.ONE_LINE.get(look)
        if line is None or lines_of(cleaned, sum(self.widths) / look.scale) > 1:
            self.spans([Span(0, self.last_column, cleaned, look)])
            return
        self.write(0, cleaned, line)
        self._end_row(height_of(look.scale))

    def head(self, labels: Sequence[str]) -> None:
        """The head of a table; labels may hold line breaks."""
        self.cells(labels, [looks.HEAD] * len(labels))

    def cells(self, contents: Iterable[Content], row_looks: Sequence[Look]) -> None:
        """A row of contents from the first column on, none of them longer than a row."""
        most = 1
        for column, (content, look) in enumerate(zip(contents, row_looks, strict=True)):
            self.write(column, content, look)
            if look.wraps and isinstance(content, str):
                most = max(most, lines_of(content, self.widths[column]))
        self._end_row(height_of(most))

    def texts(
        self,
        contents: Sequence[Content],
        places: Sequence[tuple[int, int]] | None = None,
        look: Look = looks.TEXT,
        *,
        figures: Collection[int] = (),
    ) -> None:
        """A table's row in which any text may be long.

        `places` are the first and last columns, else one column each; `figures`
        the positions of figures, or of words in their place.
        """
        spans = []
        for at, content in enumerate(contents):
            first, last = places[at] if places else (at, at)
            spans.append(Span(first, last, content, looks.TOP_FIGURE if at in figures else look))
        self.spans(spans)

    def spans(self, spans: Sequence[Span]) -> None:
        """A row of texts; one that is too long for a row goes on in the next ones."""
        parts = [self._parts(span) for span in spans]
        for at in range(max(map(len, parts))):
            most = 0.0
            for (first, last, _, look), own in zip(spans, parts, strict=True):
                content, lines = own[at] if at < len(own) else ("", 1)
                if first < last:
                    merged = self._format(look)
                    self.sheet.merge_range(self.row, first, self.row, last, "", merged)
                self.write(first, content, look)
                most = max(most, lines * look.scale)
            self._end_row(height_of(most))

    def write(self, column: int, content: Content, look: Look) -> None:
        """One cell of the row; what is text stays text."""
        if isinstance(content, Figure):
            look_of_number = self._format(look, content.number_format)
            self.sheet.write_number(self.row, column, content.number, look_of_number)
        elif content:
            text = content if content.isprintable() else clean_lines(content)
            self.sheet.write_string(self.row, column, text, self._format(look))
        else:
            self.sheet.write_blank(self.row, column, None, self._format(look))

    def stay_above(self, columns: int = 0) -> None:
        """What was written so far, and columns from the left, stay in sight and are repeated."""
        self.sheet.repeat_rows(0, self.row - 1)
        self.sheet.freeze_panes(self.row, columns)
        self.page.repeat_above()

    def finish(self) -> None:
        """Set what is printed."""
        self.sheet.print_area(0, 0, self.row - 1, self.last_column)
        self.page.finish()

    def _parts(self, span: Span) -> Sequence[tuple[Content, int]]:
        if isinstance(span.content, Figure):
            return [(span.content, 1)]
        return pieces(span.content, sum(self.widths[span.first : span.last + 1]) / span.look.scale)

    def _end_row(self, height: float) -> None:
        if height != ROW_HEIGHT:
            self.sheet.set_row(self.row, height)
        self.page.add(self.row, height)
        self.row += 1

    def _set_headers(self) -> None:
        report = self.book.report
        municipality, title = map(_in_header, (self.book.municipality, self.book.name))
        self.sheet.set_header(f"&L{municipality}&C{title}&R{report.edition_label}")
        sample = SAMPLE if report.is_sample else ""
        made_on = wareki_date(report.made_at.date())
        self.sheet.set_footer(f"&L{sample}&C&P / &N&R{made_on}")


def _in_header(text: str) -> str:
    """A text as Excel's headers take it, where & begins a code."""
    return text[:_MOST_IN_HEADER].replace("&", "&&")
