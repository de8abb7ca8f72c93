"""The readers: what can't be read is a ValueError with a sentence in Japanese, nothing else."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.fuzzing.inputs import table_file, text
from benchmarks.fuzzing.tally import Tally
from common.reading.characters import shown, without_forbidden
from common.reading.dates import read_date
from common.reading.figures import read_number
from common.reading.names import comparable, half_width, read_code
from common.reading.texts import clean_text
from common.reading.units import read_unit
from common.reading.years import read_fiscal_year
from common.spreadsheets.merging import fill_merged
from common.spreadsheets.reading import read_book, read_sheet
from common.spreadsheets.writing import csv_file, unguard
from common.spreadsheets.xlsx_writing import data_workbook
from entry.actuals_file.reading import read_table

_UNITS = ("", "件", "%", "千人", "㎡")
_READERS: tuple[Callable[[str], Any], ...] = (
    *(partial(read_number, unit=unit) for unit in _UNITS),
    read_date, read_fiscal_year, read_code, read_unit, half_width, comparable, shown, unguard,
    clean_text,
)  # fmt: skip


def _read_filled(content: bytes) -> None:
    for sheet in read_book(content):
        fill_merged(sheet)


_FILE_READERS: tuple[Callable[[bytes], Any], ...] = (read_sheet, _read_filled, read_table)


def ask_readers(tally: Tally, chance: random.Random, count: int, made_at: Any) -> None:
    """Texts at every reader of texts, and each tenth time a file at the readers of files."""
    for at in range(count):
        if at % 10 == 9:
            content = table_file(chance, ["P1-1", "P1-2", "A1-1"], 2025)
            _ask(tally, "files at the readers", chance.choice(_FILE_READERS), content)
            continue
        written = text(chance)
        for reader in _READERS:
            _ask(tally, "texts at the readers", reader, written)
        with tally.watched("texts written", written):
            csv_file([written], [[written, None]])
            kept = clean_text(written)
            if without_forbidden(kept) != kept:
                tally.fail("texts written", written, "a forbidden character is left")
            if at % 50 == 0:
                data_workbook("表", ["見出し"], [[written]], made_at=made_at)
            tally.count("texts written", "written")


def _ask(tally: Tally, kind: str, reader: Callable[[Any], Any], written: Any) -> None:
    with tally.watched(kind, written):
        try:
            reader(written)
        except ValueError as refused:
            if not str(refused).endswith(("。", "）。")) or isinstance(refused, UnicodeError):
                raise
            tally.count(kind, "refused")
        else:
            tally.count(kind, "read")
