"""One sheet for people, written from its top down and set up to be printed on A4."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from projects.fiscal_year import wareki_date
from reports.renderers.clean_text import clean_line, clean_lines
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.figures import Content, Figure
from reports.renderers.xlsx import looks
from reports.renderers.xlsx.looks import Look
from reports.renderers.xlsx.measures import height_of, lines_of, pieces

SAMPLE = "実績値はすべて架空（見本）です。"
_A4 = 9
# Excel takes 255 characters for a header's three parts together.
_MOST_IN_HEADER = 60


@dataclass(frozen=True, slots=True)
class Span:
    """A cell that reaches from one column to another; texts may go on in further rows."""

    first: int
    last: int
    content: Content
    look: Look


class Sheet:
    """A sheet with fixed columns; `row` is the next row to write."""

    def __init__(self, book: Book, name: str, widths: Sequence[float], *, upright: bool) -> None:
        self.book = book
        self.widths = widths
        self.last_column = len(widths) - 1
        self.row = 0
        self.sheet = book.add_sheet(name)
        self._format = book.looks.format
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self._set_up_page(upright=upright)

    @property
    def name(self) -> str:
        """The name under which Excel shows it."""
        return self.sheet.get_name()

    def title(self, text: str, below: str = "") -> None:
        """The sheet's name, its edition beside it, and which report it belongs to."""
        report = self.book.report
        before_mark = self.last_column - 1
        lines = lines_of(text, self._width(0, before_mark) / looks.TITLE_SCALE)
        self._merge(0, before_mark, clean_line(text), looks.TITLE)
        self.write(self.last_column, report.edition_label, looks.MARK)
        self._end_row(height_of(lines, looks.TITLE_SCALE))
        belongs = "　".join(
            filter(None, (self.book.municipality, self.book.name, below,
                          SAMPLE if report.is_sample else ""))
        )  # fmt: skip
        self.spans([Span(0, self.last_column, belongs, looks.NOTE)])

    def heading(self, text: str) -> None:
        """A part's heading, below an empty row."""
        self.row += 1
        self.write(0, text, looks.HEADING)
        self.row += 1

    def paragraph(self, text: str, look: Look = looks.BODY) -> None:
        """A text across the whole sheet."""
        self.spans([Span(0, self.last_column, clean_lines(text), look)])

    def head(self, labels: Sequence[str], first: int = 0) -> None:
        """The head of a table; labels may hold line breaks."""
        lines = 1
        for column, label in enumerate(labels, start=first):
            self.write(column, label, looks.HEAD)
            lines = max(lines, lines_of(label, self.widths[column]))
        self._end_row(height_of(lines))

    def cells(self, contents: Iterable[Content], looks: Sequence[Look]) -> None:
        """A row of short contents from the first column on; programs fit its height."""
        for column, (content, look) in enumerate(zip(contents, looks, strict=True)):
            self.write(column, content, look)
        self.row += 1

    def spans(self, spans: Sequence[Span]) -> None:
        """A row of texts; one that is too long for a row goes on in the next ones."""
        parts = [self._parts(span) for span in spans]
        for at in range(max(map(len, parts))):
            height = 1
            for span, own in zip(spans, parts, strict=True):
                content, lines = own[at] if at < len(own) else ("", 1)
                self._merge(span.first, span.last, content, span.look)
                height = max(height, lines)
            self._end_row(height_of(height))

    def write(self, column: int, content: Content, look: Look) -> None:
        """One cell of the row; what is text stays text."""
        if isinstance(content, Figure):
            look_of_number = self._format(look, content.number_format)
            self.sheet.write_number(self.row, column, content.number, look_of_number)
        elif content:
            self.sheet.write_string(self.row, column, content, self._format(look))
        else:
            self.sheet.write_blank(self.row, column, None, self._format(look))

    def finish(self, repeated: int, frozen_columns: int = 0) -> None:
        """Set what is printed, and the rows from the top that stay and are repeated."""
        self.sheet.print_area(0, 0, max(self.row - 1, 0), self.last_column)
        if repeated:
            self.sheet.repeat_rows(0, repeated - 1)
            self.sheet.freeze_panes(repeated, frozen_columns)

    def _parts(self, span: Span) -> list[tuple[Content, int]]:
        if isinstance(span.content, Figure):
            return [(span.content, 1)]
        return [*pieces(span.content, self._width(span.first, span.last))]

    def _merge(self, first: int, last: int, content: Content, look: Look) -> None:
        if first < last:
            self.sheet.merge_range(self.row, first, self.row, last, "", self._format(look))
        self.write(first, content, look)

    def _end_row(self, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.row += 1

    def _width(self, first: int, last: int) -> float:
        return sum(self.widths[first : last + 1])

    def _set_up_page(self, *, upright: bool) -> None:
        sheet, report = self.sheet, self.book.report
        sheet.set_paper(_A4)
        if not upright:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        sheet.hide_gridlines(2)
        municipality = _in_header(self.book.municipality)
        title = _in_header(self.book.name)
        sheet.set_header(f"&L{municipality}&C{title}&R{report.edition_label}")
        sample = SAMPLE if report.is_sample else ""
        made_on = wareki_date(report.made_at.date())
        sheet.set_footer(f"&L{sample}&C&P / &N&R{made_on}")


def _in_header(text: str) -> str:
    """A text as Excel's headers take it, where & begins a code."""
    return text[:_MOST_IN_HEADER].replace("&", "&&")
