"""Writes the tables that leave the app, as CSV and as XLSX.

A cell is a text, a number or nothing (None, or an empty text). Texts are guarded, so that no
spreadsheet runs them; numbers are written bare, with the decimals that they have.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from common.reading.characters import without_forbidden

Value = str | int | Decimal | None
# What makes a spreadsheet take a text for a formula; in Japanese also full width.
_MAY_RUN = (*"=+-@＝＋－＠", "\t", "\r")
_LINE_END = re.compile(r"\r\n?")


def guard(text: str) -> str:
    """A text that no spreadsheet takes for a formula; `unguard` takes the mark off again."""
    return f"'{text}" if text.lstrip("'").startswith(_MAY_RUN) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    marked = text.startswith("'") and text.lstrip("'").startswith(_MAY_RUN)
    return text[1:] if marked else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A CSV as Excel opens it: UTF-8 with BOM, CRLF."""
    return _csv_text([header, *rows]).encode("utf-8-sig")


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same row by row, for tables too long to hold."""
    yield _csv_text([header]).encode("utf-8-sig")
    for row in rows:
        yield _csv_text([row]).encode()


def written_text(value: Value) -> str:
    """A cell as it is written: guarded, with plain line ends, without forbidden characters."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isprintable():  # most are, and then nothing is to be replaced
            return guard(value)
        return guard(without_forbidden(_LINE_END.sub("\n", value)))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _csv_text(rows: Iterable[Sequence[Value]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([written_text(value) for value in row] for row in rows)
    return text.getvalue()
