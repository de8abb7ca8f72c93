"""Reads a file into the tables of a plan workbook: sheets by name, columns by heading."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from common.reading.names import comparable, half_width
from common.reading.years import read_fiscal_year
from common.spreadsheets.cells import Cell
from common.spreadsheets.reading import read_book
from common.spreadsheets.refusals import FileRefused
<<<<<<< HEAD
from common.spreadsheets.sheet import Sheet, column_letters
from common.spreadsheets.table import UNNAMED, Table, read_table
from entry.plan_workbook.forms import BY_NAME, EXAMPLE, FORMS, ORDER, SheetForm
from entry.plan_workbook.misnamed import (
    SAME,
    Unknown,
    form_meant_by,
    heading_row,
    sheets_with,
    unknown_columns,
)
=======
from common.spreadsheets.sheet import Sheet
from common.spreadsheets.table import Table, read_table
from entry.plan_workbook.columns import SheetForm
from entry.plan_workbook.forms import BY_NAME, EXAMPLE, FORMS, ORDER, SYNONYMS
>>>>>>> main
from entry.plan_workbook.told import Kind, Reading, kind_of

_LONGEST, _SECOND = 40, 2
# Of all sheets together: a text of one cell of the file may stand in thousands.
MOST_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing is written: what is wrong and the remedy, where, and what it says there.

    `place` names sheet, row and column; it is blank for the whole file. `written` is the cell's
    own text, blank where it has none. `order` is the place among the others: of sheet, row, column.
    """

    message: str
    place: str = ""
    written: str = ""
    order: tuple[int, ...] = ()

    def __str__(self) -> str:
        said = f"「{self.written[:40]}」" if self.written else ""
        return f"{self.place}{said}：{self.message}" if self.place else self.message


@dataclass(slots=True)
class Workbook:
    """The tables of a workbook by the sheets' names, each with its rows' places in the file.

    `notes` are sentences on what was left out or read otherwise than written; `problems` are
    those of whole sheets, which are then `unread` and not among the tables.
    """

    sheets: dict[str, Table] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    @property
    def is_made(self) -> bool:
        """Whether it was made of another file or of a form, which have no 版."""
        return any(table.places for table in self.sheets.values())

    def refuse(self, sheet: str, message: str) -> None:
        """Tell why a sheet as a whole can't be read."""
        self.unread.add(sheet)
        self.problems.append(Problem(message, f"シート「{sheet}」", order=(ORDER.index(sheet),)))

    def as_data(self) -> dict[str, Any]:
        """The workbook as JSON takes it; only for one without problems."""
        tables = {name: table.as_data() for name, table in self.sheets.items()}
        notes = [[note, kind_of(note).name] for note in self.notes]
        return {"sheets": tables, "notes": notes}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Workbook":
        """The workbook that `as_data` gave."""
        tables = {name: Table.from_data(table) for name, table in data["sheets"].items()}
        return cls(tables, [Reading(note, Kind[kind]) for note, kind in data["notes"]])


def read_workbook(content: bytes) -> Workbook:
    """The workbook in an XLSX. Raises FileRefused for what is none at all."""
    sheets = read_book(content)
    if len(sheets) == 1 and sheets[0].is_csv:
        raise FileRefused(
            "CSVには、シートが1つしか入りません。ひな形と同じシートのある"
            "「Excel ブック（.xlsx）」を選んでください。"
        )
    workbook = Workbook()
    names = {comparable(form.name): form for form in FORMS}
    unknown: list[Sheet] = []
    for sheet in sheets:
        form = names.get(comparable(sheet.name))
        if form is not None and form.name in (*workbook.sheets, *workbook.unread):
            message = "この名前のシートが2つ以上あります。1つにしてください。"
            workbook.refuse(form.name, message)
        elif form is not None:
            _take(workbook, sheet, form)
        elif comparable(sheet.name) != comparable(EXAMPLE):
            unknown.append(sheet)
    _take_unknown(workbook, unknown, {comparable(sheet.name) for sheet in sheets})
    if _characters(workbook) > MOST_CHARACTERS:
        raise FileRefused(
            f"文字が多すぎます。全部のシートで{MOST_CHARACTERS // 10_000}万字までです。"
            "シートを分けて、2回以上で取り込んでください。"
        )
    if not workbook.sheets and not workbook.problems:
        named = "、".join(BY_NAME)
        raise FileRefused(f"計画のシートがありません。使えるシート：{named}。")
    return workbook


def _take_unknown(workbook: Workbook, sheets: Iterable[Sheet], names: Collection[str]) -> None:
    """Tell of sheets that mean nothing here; one in a missing one's place is read beside it."""
    unused = []
    for sheet in sheets:
        form = form_meant_by(sheet)
        count = sum(number > 1 for number in sheet.rows)
        if form is None or not count or comparable(form.name) in names:
            unused.append(f"「{sheet.name}」{f'（データ{count}行）' if count else ''}")
            continue
        message = (
            f"「{form.name}」の名前を変えたものですか。名前を「{form.name}」に戻してください"
            "（使わないシートなら、削除してください）。"
        )
        order = (ORDER.index(form.name),)
        workbook.problems.append(Problem(message, f"シート「{sheet.name}」", order=order))
        if form.name not in (*workbook.sheets, *workbook.unread):
            _take(workbook, sheet, form, sheet.name)
    if unused:
        told = f"使わないシート：{'、'.join(unused)}。"
        workbook.notes.append(Reading(told, Kind.UNUSED))


def _take(workbook: Workbook, sheet: Sheet, form: SheetForm, name: str = "") -> None:
    """Read a sheet; `name` is its own where that is not the form's."""
    sheet.where = f"シート「{name or form.name}」の"
    if sheet.merged:
        ranges = "、".join(sheet.merged[:5])
        message = f"結合されたセルがあります（{ranges}）。結合を解除して保存し直してください。"
        workbook.refuse(form.name, message)
        return
    if not any(number > 1 for number in sheet.rows):
        return  # headings alone, as in the template
<<<<<<< HEAD
    if row := heading_row(sheet, form):
        above = f"1行目から{row - 1}行目" if row > _SECOND else "1行目"
        message = f"見出しが{row}行目にあります。{above}を行ごと削除してください。"
        workbook.refuse(form.name, message)
        return
    unknown = unknown_columns(sheet, form)
    for one in unknown:
        if one.meant and SAME.get(one.heading) == one.meant:
            sheet.rows[1][one.column] = Cell(one.meant)
        elif one.meant:
            _read_as_meant(workbook, sheet, form, one)
=======
    _rename_synonyms(sheet, form)
>>>>>>> main
    headings = [one.heading for one in form.columns]
    if form.has_years:
        headings += _years_among(sheet)
    try:
        table = read_table(
            sheet,
            headings,
            [one.heading for one in form.keys if one.is_needed],
            most_rows=form.most_rows,
            of=form.name,
        )
    except FileRefused as refused:
        workbook.refuse(form.name, str(refused))
        return
    workbook.sheets[form.name] = table
    ignored = [_told_unused(one) for one in unknown if not one.meant]
    if UNNAMED in table.ignored:
        ignored.append(f"「{UNNAMED}」")
    if ignored:
        told = f"シート「{form.name}」で使わない列：{'、'.join(ignored)}。"
        workbook.notes.append(Reading(told, Kind.UNUSED))
    workbook.notes += [f"シート「{form.name}」：{note}" for note in table.notes]


<<<<<<< HEAD
def _read_as_meant(workbook: Workbook, sheet: Sheet, form: SheetForm, one: Unknown) -> None:
    """Tell of a heading in a known one's place, and read the column as if it had that."""
    message = (
        f"見出し「{one.heading[:_LONGEST]}」は使えません。値が{one.filled}行に書かれています。"
        f"「{one.meant}」に直してください（使わない列なら、消してください）。"
    )
    place = f"{sheet.where}1行目 {column_letters(one.column)}列"
    order = (ORDER.index(form.name), 1, one.column)
    workbook.problems.append(Problem(message, place, one.heading, order))
    sheet.rows[1][one.column] = Cell(one.meant)


def _told_unused(one: Unknown) -> str:
    """`「目標値」（値が9行にあります。シート「目標」の列です）`."""
    told = f"「{one.heading[:_LONGEST]}」"
    if not one.filled:
        return told
    of = "・".join(f"「{name}」" for name in sheets_with(one.heading))
    return f"{told}（値が{one.filled}行にあります{f'。シート{of}の列です' if of else ''}）"
=======
def _rename_synonyms(sheet: Sheet, form: SheetForm) -> None:
    """Give columns their heading that a file calls by another one."""
    header = sheet.rows.get(1, {})
    for (name, synonym), heading in SYNONYMS.items():
        for column, cell in header.items():
            if name == form.name and comparable(cell.text) == comparable(synonym):
                header[column] = cell._replace(text=heading)
>>>>>>> main


def _characters(workbook: Workbook) -> int:
    tables = workbook.sheets.values()
    rows = (row for table in tables for row in table.rows.values())
    return sum(len(cell.text) for row in rows for cell in row.values())


def _years_among(sheet: Sheet) -> list[str]:
    """The headings that are fiscal years, as the file writes them."""
    found = []
    for cell in sheet.rows.get(1, {}).values():
        try:
            read_fiscal_year(half_width(cell.text))
        except ValueError:
            continue
        found.append(cell.text)
    return found
