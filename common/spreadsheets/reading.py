"""Reads the spreadsheets that people send: XLSX, Strict Open XML too, and CSV.

All limits hold for both. Whatever makes a file unreadable as a whole raises FileRefused with
what to do about it; what is wrong in one cell stays in that cell, for whoever reads it.
"""

from collections.abc import Sequence

from common.spreadsheets.csv_file import read_csv
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import LISTS, MOST_CELLS, TOO_MANY_CELLS, Sheet, column_letters
from common.spreadsheets.xlsx_reading import SheetName, Workbook

MOST_BYTES = 5 * 1024 * 1024
TOO_MANY_BYTES = (
    f"ファイルが大きすぎます。{MOST_BYTES // 1024 // 1024}MBまでのファイルにしてください。"
)
_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MOST_NAMED = 10


def read_book(content: bytes) -> list[Sheet]:
    """All visible sheets of a file, which together have at most MOST_CELLS; a CSV is one.

    Merged ranges stay in `merged` (`merging.fill_merged` applies them). Notes say which rows and
    columns nobody sees; those of the first sheet also which sheets were not read for that.
    """
    book = _opened(content)
    if book is None:
        return [read_csv(content)]
    sheets: list[Sheet] = []
    for one in _visible(book):
        sheet = book.read(one)
        sheet.notes += _hidden(sheet, f"シート「{one.name}」の" if len(book.sheets) > 1 else "")
        sheets.append(sheet)
        if sum(sheet.cells for sheet in sheets) > MOST_CELLS:
            raise FileRefused(TOO_MANY_CELLS)
    if unread := [f"「{one.name}」" for one in book.sheets if _is_hidden_from_people(one)]:
        sheets[0].notes.insert(0, f"非表示のシート{_listed(unread)}は読んでいません。")
    return sheets


def read_sheet(content: bytes) -> Sheet:
    """The first visible sheet of a file; its notes say what was left out, and what nobody sees.

    Merged cells are refused: whoever merged them means them for every row, and only the first
    has their content.
    """
    book = _opened(content)
    if book is None:
        return read_csv(content)
    first = _visible(book)[0]
    sheet = book.read(first)
    others = [f"「{one.name}」" for one in book.sheets if one is not first and one.name != LISTS]
    if sheet.merged:
        where = f"シート「{first.name}」に" if others else ""
        raise FileRefused(
            f"{where}結合されたセルがあります（{_listed(sheet.merged)}）。"
            "セルの結合を解除して保存し直してください。"
        )
    if others:
        sheet.notes.append(
            f"シート「{first.name}」だけを読みました（{_listed(others)}は使いません）。"
        )
    sheet.notes += _hidden(sheet)
    return sheet


def _hidden(sheet: Sheet, where: str = "") -> list[str]:
    """Sentences about the rows and columns that nobody sees."""
    notes = []
    if sheet.hidden_rows:
        rows = _listed([str(row) for row in sheet.hidden_rows])
        notes.append(f"{where}非表示の行も読みました（{rows}行目）。")
    if sheet.hidden_columns:
        columns = _listed([column_letters(one) for one in sheet.hidden_columns])
        notes.append(f"{where}非表示の列も読みました（{columns}列）。")
    return notes


def _is_hidden_from_people(sheet: SheetName) -> bool:
    """Whether somebody hid a sheet; what our forms choose from is hidden by us."""
    return not sheet.is_visible and sheet.name != LISTS


def _opened(content: bytes) -> Workbook | None:
    """The workbook; None for what can only be a CSV."""
    if len(content) > MOST_BYTES:
        raise FileRefused(TOO_MANY_BYTES)
    if not content.strip():
        raise FileRefused("ファイルが空です。見出しとデータの行のあるファイルを選んでください。")
    if content.startswith(_OLD_EXCEL):
        raise FileRefused(
            "古い形式（.xls）か、パスワード付きのファイルです。"
            "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"
        )
    return Workbook(content) if content.startswith(_ZIP) else None


def _visible(book: Workbook) -> list[SheetName]:
    visible = [one for one in book.sheets if one.is_visible]
    if not visible:
        raise FileRefused("見えるシートがありません。シートを1つ表示して保存し直してください。")
    return visible


def _listed(names: Sequence[str]) -> str:
    """The first few names."""
    rest = "、…" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + rest
