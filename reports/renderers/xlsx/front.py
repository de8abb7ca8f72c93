"""The sheets before the figures: cover with contents, and how to read the report."""

from projects.fiscal_year import wareki_date, wareki_with_western
from reports.renderers.clean_text import clean_line
from reports.renderers.content.guide import guide_content
from reports.renderers.wording import period_text
from reports.renderers.xlsx import looks
from reports.renderers.xlsx.book import Book
from reports.renderers.xlsx.sheet import SAMPLE, Sheet, Span

_COVER_WIDTHS = (18.0, 62.0, 14.0)
_GUIDE_WIDTHS = (20.0, 40.0, 62.0, 12.0)


def write_cover(book: Book) -> Sheet:
    """Title, edition and who answers for the report; `write_contents` goes on below."""
    report = book.report
    sheet = Sheet(book, "表紙", _COVER_WIDTHS, upright=True)
    last = sheet.last_column
    sheet.write(last, report.edition_label, looks.MARK)
    sheet.skip(3)
    sheet.paragraph(report.strategy_name, looks.STRATEGY)
    sheet.paragraph(book.name, looks.COVER)
    sheet.skip()
    facts = (
        ("対象年度", wareki_with_western(report.fiscal_year)),
        ("計画期間", period_text(report)),
        ("版", report.edition_label),
        ("作成日" if report.is_draft else "発行日", wareki_date(report.made_at.date())),
        ("団体", f"{book.municipality}（団体コード {clean_line(report.municipality_code)}）"),
        ("担当課", clean_line(report.office)),
    )
    for label, fact in facts:
        if fact:
            sheet.spans([Span(0, 0, label, looks.HEAD), Span(1, last, fact, looks.TEXT)])
    if report.is_sample:
        sheet.skip()
        sheet.paragraph(SAMPLE, looks.BANNER)
    return sheet


def write_contents(sheet: Sheet, entries: list[tuple[str, str]]) -> None:
    """The sheets and what is on them, each a link; `entries` are name and title."""
    sheet.heading("目次")
    link = sheet.book.looks.format(looks.LINK)
    for name, title in entries:
        quoted = name.replace("'", "''")
        sheet.sheet.write_url(sheet.row, 0, f"internal:'{quoted}'!A1", link, name)
        sheet.write(1, title, looks.LINE_OF_BODY)
        sheet.row += 1
    sheet.finish()


def write_guide(book: Book) -> str:
    """Years, formulas, ratings, marks and rounding; returns the sheet's title."""
    title = "この報告書の見方"
    sheet = Sheet(book, "見方", _GUIDE_WIDTHS, upright=True)
    sheet.title(title)
    sheet.stay_above()
    for section in guide_content(book.report)["sections"]:
        sheet.heading(section["title"])
        if section["text"]:
            sheet.paragraph(section["text"])
        table = section["table"]
        if table:
            _table(sheet, table["heads"], looks.HEAD)
            for row in table["rows"]:
                _table(sheet, row, looks.TEXT)
        for mark, note in section["notes"]:
            sheet.paragraph(f"{mark}　{note}", looks.NOTE)
    sheet.finish()
    return title


def _table(sheet: Sheet, cells: list[str], look: looks.Look) -> None:
    """A row of two or three cells over the sheet's width."""
    last = sheet.last_column
    places = [(0, 0), (1, last)] if len(cells) == 2 else [(0, 0), (1, 1), (2, last)]
    sheet.spans(
        [Span(*place, clean_line(cell), look) for place, cell in zip(places, cells, strict=True)]
    )
