"""What a workbook changes, as the page that looks it over says it."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from entry.plan_workbook import forms
from entry.plan_workbook.differing import CellChange, RowChange, is_taken
from entry.plan_workbook.importing import Looked

_LEFT = "今の内容を残す"
# The columns that say what a row is called, among those in which it is deleted.
_NAMES = ("名称", "取組名", "指標名")
# The columns that name a project by its code.
_PROJECTS = ("記号", "プロジェクト")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell that changes; `tick` is the value of its box where it is a conflict, else empty.

    `is_untouched`: the file says what it was exported with, so that nobody changed it there;
    `exported` is what that was.
    """

    heading: str
    before: str
    after: str
    tick: str
    is_untouched: bool
    exported: str

    @property
    def brief(self) -> str:
        """What the cell will say, with its heading: `単位：件`."""
        return self.after if self.heading == forms.CONTENT else f"{self.heading}：{self.after}"

    @property
    def marked_before(self) -> str:
        """What stands, struck; empty where nothing does."""
        return _marked("del", self.before)

    @property
    def marked_after(self) -> str:
        """What will stand; empty where nothing will."""
        return _marked("ins", self.after)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row that changes: what names it, what becomes of it in a word, and its cells.

    `tick` is that of the whole row where a row that is new or goes is a conflict, else empty.
    `changed_by` says of a row with conflicts who changed it last and when, where that is known.
    """

    title: str
    fate: str
    cells: tuple[ShownCell, ...]
    tick: str
    changed_by: str

    @property
    def brief(self) -> str:
        """The cells in a line: `指標名：起業件数、単位：件`."""
        return "、".join(one.brief for one in self.cells if one.after)


def shown_sheets(
    looked: Looked, ticked: Collection[str] = ()
) -> list[tuple[str, str, list[ShownRow]]]:
    """The sheets that change: each with its counts (`新しい11行`) and its rows.

    Of the conflicts those that are not `ticked` stay as they are.
    """
    shown = []
    for sheet, changes in looked.rows_of:
        rows = [_row(looked, one, ticked) for one in changes]
        fates = Counter(one.fate for one in rows)
        counts = "、".join(f"{fate}{count}行" for fate, count in fates.items())
        shown.append((sheet, counts, rows))
    return shown


def _row(looked: Looked, row: RowChange, ticked: Collection[str]) -> ShownRow:
    tick = "" if row.is_by_cell or not row.conflicts else row.id_of(row.conflicts[0])
    cells = tuple(_cell(row, one) for one in row.cells)
    changed_by = looked.changed_by.get((row.sheet, row.key), "")
    fate = row.kind.value if is_taken(row, ticked) else _LEFT
    return ShownRow(_title(looked, row), fate, cells, tick, changed_by)


def _cell(row: RowChange, cell: CellChange) -> ShownCell:
    tick = row.id_of(cell) if row.is_by_cell and cell.is_conflict else ""
    before, after = _text(cell.heading, cell.before), _text(cell.heading, cell.after)
    exported = _text(cell.heading, cell.exported)
    return ShownCell(cell.heading, before, after, tick, cell.is_untouched, exported)


def _text(heading: str, text: str) -> str:
    return text.replace("\t", " ").strip() if heading == forms.BANDS else text


def _marked(tag: str, text: str) -> str:
    return format_html("<{0}>{1}</{0}>", tag, linebreaksbr(text)) if text else ""


def _title(looked: Looked, row: RowChange) -> str:
    """What names a row, and its name now: `P1-2 起業件数　年度 2025`, `P1　番号 3 支援`."""
    keys = forms.BY_NAME[row.sheet].keys
    said = [(one.heading, row.named[one.heading]) for one in keys if row.named.get(one.heading)]
    (heading, first), *others = said or [("", row.key)]
    if heading in _PROJECTS:
        first = _sign_of(looked, first)
    kpi = _name_in(looked, forms.KPIS, row.named.get("KPI番号", ""))
    named = "　".join([f"{first} {kpi}".strip(), *(f"{one} {text}" for one, text in others)])
    return named if kpi else f"{named} {_name_in(looked, row.sheet, row.key)}".strip()


def _sign_of(looked: Looked, code: str) -> str:
    """A project as the plan prints it, with the code by which the workbook has it: `3-1（P5）`."""
    sign = looked.records.get(forms.PROJECTS, {}).get(code, {}).get("表記", "")
    return f"{sign}（{code}）" if sign and sign != code else code


def _name_in(looked: Looked, sheet: str, key: str) -> str:
    """What a row of a sheet is called now; empty for one that has no name or is new."""
    heading = forms.BY_NAME[sheet].row_named_by
    if heading not in _NAMES:
        return ""
    return looked.records.get(sheet, {}).get(key, {}).get(heading, "")
