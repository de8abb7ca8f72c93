"""The headings of a table: lines above each other are joined, merged ones hold for all columns."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from common.fiscal_year import fiscal_year_of, wareki
from common.reading.dates import read_date
from common.reading.names import comparable
from common.reading.years import without_years, years_within
from common.spreadsheets.cells import BLANK, Cell
from common.spreadsheets.sheet import Sheet, column_letters

MOST_LINES = 4
_YEAR_WORDS = re.compile(r"[()\[\]年度末現在時点見込計画実績値]*")
_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Heading:
    """A column with its heading, joined from `lines`; `key` is the heading, unique in a table.

    `year` is the fiscal year that the heading names; None where it names none or several.
    `taken_over` are lines that came from the column to the left.
    """

    column: int
    lines: tuple[str, ...]
    key: str
    year: int | None = None
    taken_over: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The heading as sentences show it."""
        joined = " ".join(self.lines)
        return joined if len(joined) <= _LONGEST_SHOWN else f"{joined[:_LONGEST_SHOWN]}…"

    @property
    def letters(self) -> str:
        """The column's name."""
        return column_letters(self.column)

    @property
    def pattern(self) -> str:
        """The heading without its year, the same for 実績 R6 and 実績 R7."""
        return pattern_of(self.key)


def pattern_of(key: str) -> str:
    """A heading's key without its year."""
    return comparable(without_years(key, "□"))


def headings_of(sheet: Sheet, first: int, last: int) -> list[Heading]:
    """The columns of a sheet whose merged cells are filled, from left to right."""
    columns = sorted(
        {column for number, row in sheet.rows.items() if number >= first for column in row}
    )
    found: list[Heading] = []
    keys: set[str] = set()
    for column in columns:
        own = [
            line_of(sheet.rows.get(row, {}).get(column, BLANK)) for row in range(first, last + 1)
        ]
        taken_over = _taken_over(own, found[-1] if found else None, column)
        lines = tuple(dict.fromkeys(line for line in (*taken_over, *own) if line))
        key = name = " ".join(lines) or f"（{column_letters(column)}列）"
        count = 1
        while key in keys:
            count += 1
            key = f"{name} #{count}"
        keys.add(key)
        years = set(years_within(name))
        year = years.pop() if len(years) == 1 else None
        found.append(Heading(column, lines, key, year, tuple(taken_over)))
    return found


def line_of(cell: Cell) -> str:
    """A heading's line as text: a day that is shown as a year counts as its fiscal year."""
    if cell.is_day and (day := read_date(cell.text)):
        return wareki(fiscal_year_of(day))
    return "" if cell.problem else " ".join(cell.text.split())


def _taken_over(own: list[str], left: Heading | None, column: int) -> list[str]:
    """What stands over a year from the column to the left, where nobody merged the cells."""
    is_year_alone = own[-1] and years_within(own[-1]) and is_a_year(own[-1])
    if not is_year_alone or any(own[:-1]) or left is None or left.column != column - 1:
        return []
    above = left.lines[:-1]
    return list(above) if left.lines and is_a_year(left.lines[-1]) else []


def is_a_year(text: str) -> bool:
    """Whether a text says a year and nothing else of weight: 令和6年度, R6実績."""
    return bool(years_within(text)) and bool(_YEAR_WORDS.fullmatch(comparable(without_years(text))))


def notes_on(headings: Iterable[Heading], first: int, last: int) -> list[str]:
    """What was read otherwise than written in the headings, as sentences."""
    notes = []
    for one in headings:
        if one.taken_over:
            notes.append(
                f"{one.letters}列の見出しは、左の列の「{' '.join(one.taken_over)}」の続きとして"
                f"「{one.text}」と読みました。"
            )
        elif len(one.lines) > 1:
            notes.append(
                f"{one.letters}列の見出しは、{first}〜{last}行目をつないで「{one.text}」と読みました。"
            )
    return notes


def shape_of(headings: Iterable[Heading]) -> str:
    """What stays of a table's headings from year to year, as a short hash."""
    patterns = sorted({one.pattern for one in headings if one.lines})
    return hashlib.sha256("\n".join(patterns).encode()).hexdigest()[:32]
