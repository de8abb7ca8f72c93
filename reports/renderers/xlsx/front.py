"""The sheets before the figures: cover with contents, and how to read the report."""

from collections.abc import Iterable, Sequence

from common.fiscal_year import wareki_date, wareki_with_western
from reports.renderers.clean_text import clean_line
from reports.renderers.content.guide import guide_content
from reports.renderers.wording import period_text
from reports.renderers.xlsx import cell_formats
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.sheet import SAMPLE, ReportSheet

_COVER_WIDTHS = (18.0, 62.0, 14.0)
_GUIDE_WIDTHS = (20.0, 40.0, 62.0, 12.0)


def write_cover(book: Book) -> ReportSheet:
    """Title, edition and who answers for the report; `write_contents` goes on below."""
    report = book.report
    sheet = ReportSheet(book, "表紙", _COVER_WIDTHS, upright=True)
    last = sheet.last_column
    mark = sheet.places([cell_formats.MARK], [(last, last)])
    sheet.cells(mark, [report.edition_label])
    sheet.skip(2)
    sheet.paragraph(report.strategy_name, cell_formats.STRATEGY)
    sheet.paragraph(book.name, cell_formats.COVER)
    sheet.skip()
    facts = (
        ("対象年度", wareki_with_western(report.fiscal_year)),
        ("計画期間", period_text(report)),
        ("版", report.edition_label),
        ("作成日" if report.is_draft else "発行日", wareki_date(report.made_at.date())),
        ("団体", f"{book.municipality}（団体コード {clean_line(report.municipality_code)}）"),
        ("担当課", clean_line(report.office)),
    )
    places = sheet.places([cell_formats.HEAD, cell_formats.TEXT], [(0, 0), (1, last)])
    for label, fact in facts:
        if fact:
            sheet.cells(places, [label, fact])
    if report.is_sample:
        sheet.skip()
        sheet.paragraph(SAMPLE, cell_formats.BANNER)
    return sheet


def write_contents(sheet: ReportSheet, entries: Iterable[tuple[str, str]]) -> None:
    """The sheets and what is on them, each a link; `entries` are name and title."""
    sheet.heading("目次")
    places = sheet.places([cell_formats.LINE_OF_BODY], [(1, 1)])
    link = sheet.book.formats.format(cell_formats.LINK)
    for name, title in entries:
        quoted = name.replace("'", "''")
        sheet.sheet.write_url(sheet.row, 0, f"internal:'{quoted}'!A1", link, name)
        sheet.cells(places, [title])
    sheet.finish()


def write_guide(book: Book) -> str:
    """Years, formulas, ratings, marks and rounding; returns the sheet's title."""
    title = "この報告書の見方"
    sheet = ReportSheet(book, "見方", _GUIDE_WIDTHS, upright=True)
    sheet.title(title)
    sheet.stay_above()
    for section in guide_content(book.report)["sections"]:
        sheet.heading(section["title"])
        if section["text"]:
            sheet.paragraph(section["text"])
        if table := section["table"]:
            _table(sheet, table.heads, table.rows)
            for mark, note in table.notes:
                sheet.paragraph(f"{mark}　{note}", cell_formats.NOTE)
    sheet.finish()
    return title


def _table(sheet: ReportSheet, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of two or three columns over the sheet's width."""
    last = sheet.last_column
    spans = [(0, 0), (1, last)] if len(heads) == 2 else [(0, 0), (1, 1), (2, last)]
    sheet.table(heads, rows, is_long=True, spans=spans)
