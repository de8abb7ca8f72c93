"""Texts in an XLSX as Excel writes and shows them.

`_x000D_` in the file is the character U+000D; who means those seven characters writes
`_x005F_x000D_`. openpyxl writes neither and takes some of it off, wherever it stands.
"""

import io
import re
import warnings
import zipfile
from typing import Any

import openpyxl
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from kpis.xlsx_safety import BROKEN, check_xlsx

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

# What openpyxl raises for parts that are broken. A parser's complaint is a SyntaxError, of
# whichever of its two parsers.
UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, SyntaxError, KeyError, ValueError, IndexError,
    TypeError, AttributeError, OverflowError, OSError, EOFError,
)  # fmt: skip


def as_written(text: str) -> str:
    """A text as an XLSX has to hold it for Excel to show it as it is."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", text)


def as_shown(text: str) -> str:
    """A text of an XLSX as Excel shows it."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def open_workbook(content: bytes, **options: Any) -> openpyxl.Workbook:
    """The workbook to read row by row, its texts as they are in the file: see `as_shown`.

    `options` are those of openpyxl's `load_workbook`. Raises ValueError with a sentence in
    Japanese for a file that is not safe to unpack, or broken.
    """
    check_xlsx(content)
    try:
        # openpyxl's complaints about styles and odd dates are nothing a person can act on.
        with warnings.catch_warnings(action="ignore"):
            reader = _Reader(io.BytesIO(content), read_only=True, **options)
            reader.read()
    except UNREADABLE:
        raise ValueError(BROKEN) from None
    return reader.wb


class _Reader(ExcelReader):
    """openpyxl's, with the table of strings as it is in the file."""

    def read_strings(self) -> None:
        found = self.package.find(SHARED_STRINGS)
        if found is None:
            return
        with self.archive.open(found.PartName.lstrip("/")) as source:
            for _event, node in iterparse(source):
                if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()
