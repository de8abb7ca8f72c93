"""Reads a CSV file as a sheet: UTF-8 (with or without BOM) or Windows-31J."""

import csv
import io
from collections.abc import Iterator

from common.spreadsheets.cells import from_text
from common.spreadsheets.refusals import FileRefused
from common.spreadsheets.sheet import TOO_MANY_CELLS, Sheet

# As many columns as a sheet of Excel has; and more lines than a sheet that is read has rows.
_MOST_COLUMNS = 16_384
_MOST_LINES = 500_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv(content: bytes) -> Sheet:
    """The sheet. Raises FileRefused if it is no CSV, or has too much in it."""
    sheet = Sheet(is_csv=True)
    reader = csv.reader(_lines(_decoded(content)), strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            for column, text in enumerate(row, start=1):
                if text:
                    sheet.add(number, column, from_text(text))
    except csv.Error:
        raise FileRefused(
            f'{reader.line_num}行目あたりの引用符（"）が閉じていないか、文が長すぎます。'
            "表計算ソフトで開いて直し、CSV か XLSX で保存し直してください。"
        ) from None
    return sheet


def _lines(text: str) -> Iterator[str]:
    """The lines, unless one has more columns than a row may have cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if line.count(",") > _MOST_COLUMNS:
            raise FileRefused(
                f"{number}行目に列が{_MOST_COLUMNS:,}を超えてあります。"
                "必要な列だけのファイルにして、保存し直してください。"
            )
        if number > _MOST_LINES:
            raise FileRefused(TOO_MANY_CELLS)
        yield line


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise FileRefused(
            "UTF-16（Unicode テキスト）のファイルです。"
            "CSV（UTF-8 か Shift_JIS）か XLSX で保存し直してください。"
        )
    if b"\x00" in content:
        raise FileRefused(
            "CSV にないはずの文字（NUL）があります。"
            "表計算ソフトで開き、「CSV UTF-8」か「Excel ブック（.xlsx）」で保存し直してください。"
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        "ファイルの文字を読み取れません。CSV（UTF-8 か Shift_JIS）か XLSX で保存し直してください。"
    )
