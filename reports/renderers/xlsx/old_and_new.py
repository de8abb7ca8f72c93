"""新旧対照表 as an Excel workbook: one sheet to read, print and edit."""

from itertools import chain

from reports.annual.old_and_new import OldAndNew
from reports.renderers.content.old_and_new import facts_of, lead_of, table_of
from reports.renderers.content.tables import lines_of
from reports.renderers.xlsx.book import Printout
from reports.renderers.xlsx.sheet import Sheet

_WIDTHS = (11.0, 42.0, 13.0, 20.0, 40.0, 40.0)


def render_old_and_new_xlsx(document: OldAndNew) -> bytes:
    """The document as XLSX; the same document always gives the same bytes."""
    book = Printout(document)
    table = table_of(document)
    sheet = Sheet(book, document.title, _WIDTHS, upright=False)
    sheet.title(document.title)
    for label, lines in facts_of(document):
        sheet.paragraph("\n".join(chain([f"{label}：{lines[0]}"], lines[1:])))
    sheet.skip()
    sheet.paragraph(lead_of(document))
    rows = [["\n".join(line.text for line in lines_of(cell)) for cell in row] for row in table.rows]
    if rows:
        first_row = sheet.table(table.heads, rows, is_long=True)
        sheet.repeat_head(first_row - 1)
        sheet.sheet.autofilter(first_row - 1, 0, sheet.row - 1, sheet.last_column)
    sheet.finish()
    return book.content()
