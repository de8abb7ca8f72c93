"""Reads a file of actuals into a table: what kind it is, its header, its rows.

Everything that makes a file no table at all raises ValueError with a sentence
in Japanese; what is wrong in one cell stays in that cell.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from openpyxl.utils import get_column_letter

from common.reading.comparable import comparable
from common.spreadsheet_text import unguard
from entry.actuals_file.cells import from_text
from entry.actuals_file.columns import CONTENT, EXPECTED, HEADINGS, REQUIRED
from entry.actuals_file.table import Cell, Table
from entry.actuals_file.workbook import Workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2000
_ZIP = b"PK"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = {"\t": "タブ", ";": "セミコロン"}
_BY_NAME = {comparable(one): one for one in HEADINGS}


def read_table(content: bytes) -> Table:
    """The table in an XLSX or CSV file, told apart by its first bytes."""
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"ファイルが大きすぎます。{MOST_BYTES // 1024 // 1024}MBまでのファイルにしてください。"
        )
    if not content.strip():
        raise ValueError("ファイルが空です。見出しとデータの行のあるファイルを選んでください。")
    if content.startswith(_OLD_EXCEL):
        raise ValueError(
            "古い形式（.xls）か、パスワード付きのファイルです。"
            "パスワードを外し、「Excel ブック（.xlsx）」で保存し直してください。"
        )
    if content.startswith(_ZIP):
        book = Workbook(content)
        return _table(book.rows(), book.notes, strict_width=False)
    return _table(_csv_rows(content), [], strict_width=True)


def _csv_rows(content: bytes) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        for row in reader:
            yield [from_text(text) for text in row]
    except csv.Error:
        raise ValueError(
            f'{reader.line_num}行目あたりの引用符（"）が閉じていないか、文が長すぎます。'
            "表計算ソフトで開いて直し、CSV か XLSX で保存し直してください。"
        ) from None


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF16):
        raise ValueError(
            "UTF-16（Unicode テキスト）のファイルです。"
            "「CSV UTF-8」か「Excel ブック（.xlsx）」で保存し直してください。"
        )
    if b"\x00" in content:
        raise ValueError(
            "CSV にないはずの文字（NUL）があります。"
            "表計算ソフトで開き、「CSV UTF-8」か「Excel ブック（.xlsx）」で保存し直してください。"
        )
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError(
        "ファイルの文字を読み取れません。CSV（UTF-8 か Shift_JIS）か XLSX で保存し直してください。"
    )


def _table(rows: Iterable[list[Cell]], notes: list[str], *, strict_width: bool) -> Table:
    numbered = enumerate(rows, start=1)
    _number, header = next(numbered, (1, []))
    places, table = _read_header([cell.text for cell in header])
    table.notes = notes
    unnamed = False
    for number, row in numbered:
        if all(cell.is_blank for cell in row):
            continue
        if len(table.rows) == MOST_ROWS:
            raise ValueError(
                f"データの行が{MOST_ROWS:,}行を超えています。"
                "この年度の指標の行だけにして保存し直してください。"
            )
        beyond = any(not cell.is_blank for cell in row[len(header) :])
        if beyond and strict_width:
            raise ValueError(
                f"{number}行目の列が見出しより多くあります。"
                '文の中のコンマは、全体を引用符（"）で囲んでください。'
            )
        unnamed = unnamed or beyond
        cells = {
            heading: _known(heading, row[at]) if at < len(row) else Cell()
            for heading, at in places.items()
        }
        if any(not cell.is_blank for cell in cells.values()):
            table.rows[number] = cells
    if unnamed:
        table.ignored.append("見出しのない列")
    if not table.rows:
        raise ValueError("見出しだけで、データの行がありません。")
    return table


def _read_header(texts: list[str]) -> tuple[dict[str, int], Table]:
    """Where each known heading stands, and the table that begins with this header."""
    for mark, name in _SEPARATORS.items():
        if len(texts) == 1 and mark in texts[0]:
            raise ValueError(
                f"列が{name}で区切られています。"
                "コンマ区切りの CSV か「Excel ブック（.xlsx）」で保存し直してください。"
            )
    places: dict[str, int] = {}
    ignored: list[str] = []
    for at, text in enumerate(texts):
        heading = _BY_NAME.get(comparable(text))
        if heading is None:
            if text:
                ignored.append(text[:40])
        elif heading in places:
            raise ValueError(f"見出し「{heading}」が2つ以上あります。1つにしてください。")
        else:
            places[heading] = at
    missing = [heading for heading in REQUIRED if heading not in places]
    if missing:
        named = "」と「".join(missing)
        raise ValueError(
            f"1行目の見出しに「{named}」がありません。使える見出し：{'、'.join(HEADINGS)}。"
        )
    if not any(heading in places for heading in CONTENT):
        raise ValueError(f"取り込む列がありません。使える見出し：{'、'.join(CONTENT)}。")
    letters = {heading: get_column_letter(at + 1) for heading, at in places.items()}
    return places, Table(letters, ignored=ignored)


def _known(heading: str, cell: Cell) -> Cell:
    """A cell of a known column: a day may be a date cell there, and marks are taken off."""
    if cell.is_day and heading == EXPECTED:
        return Cell(cell.text)
    return cell if cell.problem else Cell(unguard(cell.text))
