"""What a workbook says as records: its rows with their cells as export writes them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from common.reading.names import comparable, half_width
from common.reading.texts import clean_text
from common.reading.years import read_fiscal_year
from common.spreadsheets.table import Table
from common.spreadsheets.writing import unguard
from entry.plan_workbook import forms
from entry.plan_workbook.standing import Record
from entry.plan_workbook.workbook import Problem, Workbook


@dataclass(slots=True)
class WrittenRow:
    """A row of a sheet: its cells that say anything, as export writes them.

    `deleted` are the headings of those that say 削除, `wrong` of those that can't be taken;
    `number` is its row in the file.
    """

    sheet: str
    key: str
    number: int
    cells: Record = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)

    @property
    def has_problem(self) -> bool:
        """Whether something of it can't be taken."""
        return bool(self.wrong)

    @property
    def is_named(self) -> bool:
        """Whether it can be told what it is about."""
        return not any(one.heading in self.wrong for one in forms.BY_NAME[self.sheet].keys)

    @property
    def is_deletion(self) -> bool:
        """Whether it deletes what it names as a whole."""
        return forms.BY_NAME[self.sheet].row_named_by in self.deleted


@dataclass(slots=True)
class Written:
    """All that a workbook says: its rows by sheet and key, and why some of it can't be taken.

    `readings` are sentences on what was read otherwise than written, `unnamed` the rows by sheet
    of which can't be told what they are about. `units` are those of KPIs, blank for none;
    `unchecked` the sheets with figures whose KPI isn't known. `version` is the 版.
    """

    workbook: Workbook
    rows: dict[str, dict[str, WrittenRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    readings: list[str] = field(default_factory=list)
    unnamed: dict[str, list[WrittenRow]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unchecked: set[str] = field(default_factory=set)
    version: str = ""

    def row(self, sheet: str, key: str) -> WrittenRow | None:
        """A row by its key; None where the file has none."""
        return self.rows.get(sheet, {}).get(key)

    def of(self, sheet: str) -> list[WrittenRow]:
        """The rows of a sheet, in the order of the file."""
        return list(self.rows.get(sheet, {}).values())

    def place(self, row: WrittenRow, heading: str = "") -> str:
        """Where a cell of a row is; the row alone where the file has no such column."""
        table = self.workbook.sheets[row.sheet]
        if column := self._column(row, heading):
            return table.place(row.number, column)
        heading = _STANDS_IN.get((row.sheet, heading), heading)
        return f"{table.where}{row.number}行目" + (f"（{heading}）" if heading else "")

    def problem(self, row: WrittenRow, heading: str, message: str) -> Problem:
        """What is wrong with a cell, beside its own text and in the order of the sheets."""
        table = self.workbook.sheets[row.sheet]
        column = self._column(row, heading)
        text = clean_text(table.cell(row.number, column).text) if row.number in table.rows else ""
        letters = table.letters.get(column, "")
        order = (forms.ORDER.index(row.sheet), row.number, len(letters), *map(ord, letters))
        place = self.place(row, heading)
        return Problem(message, place, unguard(text), () if table.places else order)

    def _column(self, row: WrittenRow, heading: str) -> str:
        """The heading of a cell as its table has it; empty where it has none."""
        table = self.workbook.sheets[row.sheet]
        if heading not in table.letters:
            heading = _STANDS_IN.get((row.sheet, heading), heading)
        known = {comparable(one): one for one in table.letters}
        found = (one for one in (heading, *_spelled(table, heading)) if one in table.letters)
        return next(found, "") or known.get(comparable(heading), "")

    def leave_out(self, row: WrittenRow) -> None:
        """Let a row stand for nothing: what it is about can't be told."""
        self.unnamed.setdefault(row.sheet, []).append(row)
        rows = self.rows.get(row.sheet, {})
        if rows.get(row.key) is row:
            del rows[row.key]

    def refuse(self, row: WrittenRow, heading: str, message: str) -> None:
        """Tell what is wrong with a cell."""
        row.wrong.add(heading)
        self.problems.append(self.problem(row, heading, message))


# What a cell of another column says too: `80％以上`.
_STANDS_IN = {(forms.TARGETS, "条件"): "目標値"}


def _spelled(table: Table, heading: str) -> Iterator[str]:
    """The heading of a year as the table spells it."""
    if not heading.isdigit():
        return
    for one in table.letters:
        try:
            if str(read_fiscal_year(half_width(one))) == heading:
                yield one
        except ValueError:
            continue
