"""Tables in files: CSV and XLSX, read by what they are and written so that nothing in them runs."""

import csv
import io
from collections.abc import Callable
from typing import Any

import tablib
from import_export.formats import base_formats

from common.reading.characters import plain
from common.reading.texts import clean_text
from common.spreadsheet_text import guard
from kpis.xlsx_safety import BROKEN
from kpis.xlsx_text import UNREADABLE, as_shown, as_written, open_workbook

# The row as the spreadsheet numbers it; blank rows are left out of a dataset.
ROW_NUMBER = "（行）"
_XLSX = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"

_MOST_ROWS = 10_000
_MOST_COLUMNS = 100


class SpreadsheetFile(base_formats.Format):
    """A CSV (UTF-8 or Windows-31J) or XLSX file, told apart by its first bytes. Only read."""

    def __init__(self, encoding: str | None = None) -> None:
        """Take what the admin hands every format; the file itself says its encoding."""

    def get_title(self) -> str:
        return "CSV または XLSX（自動で見分けます）"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """The file's first sheet as text. Raises ValueError with a sentence in Japanese."""
        if in_stream.startswith(_OLD_EXCEL):
            raise ValueError(
                "古い形式（.xls）か、パスワード付きのファイルです。"
                "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"
            )
        rows = _xlsx_rows(in_stream) if in_stream.startswith(_XLSX) else _csv_rows(in_stream)
        return _dataset(rows)


class CsvFile(base_formats.CSV):
    """CSV as Excel opens it: UTF-8 with BOM, CRLF. Only written."""

    def get_title(self) -> str:
        return "CSV（UTF-8）"

    def is_binary(self) -> bool:
        return True

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return _harmless(dataset).export("csv").encode("utf-8-sig")


class XlsxFile(base_formats.XLSX):
    """XLSX with text cells, so that nothing turns into a date. Only written."""

    def get_title(self) -> str:
        return "XLSX（Excel）"

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        return _harmless(dataset, as_written).export("xlsx")


def cell_text(value: Any) -> str:
    """A cell as text: no control characters, and numbers as the sheet shows them."""
    if value is None:
        return ""
    if isinstance(value, float):
        # Excel keeps 15 digits; Python would show the noise behind them.
        return f"{value:.15g}"
    return clean_text(str(value))


def _harmless(
    dataset: tablib.Dataset, written: Callable[[str], str] = lambda text: text
) -> tablib.Dataset:
    rows = ([written(guard(cell_text(cell))) for cell in row] for row in dataset)
    return tablib.Dataset(*rows, headers=dataset.headers, title=dataset.title)


def _csv_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error:
            break
    raise ValueError(
        "ファイルを読み取れません。CSV（UTF-8 か Shift_JIS）か XLSX で保存し直してください。"
    )


def _xlsx_rows(content: bytes) -> list[list[Any]]:
    # data_only: the value a formula had when the file was saved, never the formula.
    book = open_workbook(content, data_only=True)
    try:
        # One row more than may be, so that a stray one far below is refused, not made up for.
        rows = book.worksheets[0].iter_rows(
            max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True
        )
        found = [
            [as_shown(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
        ]
    except UNREADABLE:
        raise ValueError(BROKEN) from None
    if len(found) > _MOST_ROWS:
        raise ValueError(
            f"{_MOST_ROWS:,}行を超えています。下のほうに残った行を削除して、保存し直してください。"
        )
    return found


def _dataset(rows: list[list[Any]]) -> tablib.Dataset:
    texts = [[cell_text(cell) for cell in row] for row in rows]
    if not texts or not any(texts[0]):
        raise ValueError("ファイルが空か、1行目に見出しがありません。")
    headers = [plain(head) for head in texts[0]]
    while headers and not headers[-1]:
        headers.pop()
    dataset = tablib.Dataset(headers=[*headers, ROW_NUMBER])
    for number, row in enumerate(texts[1:], start=2):
        if not any(row):
            continue
        if any(row[len(headers) :]):
            raise ValueError(
                f"{number}行目の列が見出しより多くあります。"
                '文の中のコンマは、全体を引用符（"）で囲んでください。'
            )
        padded = [*row, *[""] * len(headers)][: len(headers)]
        dataset.append([*padded, str(number)])
    if not dataset:
        raise ValueError("見出しだけで、データの行がありません。")
    return dataset
