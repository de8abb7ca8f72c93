"""What a workbook changes, as the page that looks it over says it."""

from dataclasses import dataclass

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html

from entry.plan_workbook import forms
from entry.plan_workbook.differing import CellChange, ChangeKind, RowChange
from entry.plan_workbook.importing import Looked

_MOST_CELLS = 4


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell that changes; `tick` is the value of its box where it is a conflict, else empty.

    `is_untouched`: the file says what it was exported with, so that nobody changed it there.
    """

    heading: str
    before: str
    after: str
    tick: str
    is_untouched: bool

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
    """A row that changes: what names it, what becomes of it, and its cells.

    `tick` is that of the whole row where a row that is new or goes is a conflict, else empty.
    `changed_by` says of a row with conflicts who changed it last and when, where that is known.
    """

    title: str
    kind: ChangeKind
    cells: tuple[ShownCell, ...]
    tick: str
    changed_by: str

    @property
    def brief(self) -> str:
        """The first cells in a line: `指標名：起業件数、単位：件`."""
        said = [f"{one.heading}：{one.after}" for one in self.cells[:_MOST_CELLS] if one.after]
        more = "…" if len(self.cells) > _MOST_CELLS else ""
        return "、".join(said) + more


def shown_sheets(looked: Looked) -> list[tuple[str, str, list[ShownRow]]]:
    """The sheets that change: each with its counts (`新しい11行`) and its rows."""
    counts = {
        sheet: "、".join(f"{kind}{count}行" for kind, count in kinds.items())
        for sheet, kinds in looked.counts
    }
    return [
        (sheet, counts[sheet], [_row(looked, one) for one in rows])
        for sheet, rows in looked.rows_of
    ]


def _row(looked: Looked, row: RowChange) -> ShownRow:
    tick = "" if row.is_by_cell or not row.conflicts else row.id_of(row.conflicts[0])
    cells = tuple(_cell(row, one) for one in row.cells)
    changed_by = looked.changed_by.get((row.sheet, row.key), "")
    return ShownRow(_title(looked, row), row.kind, cells, tick, changed_by)


def _cell(row: RowChange, cell: CellChange) -> ShownCell:
    tick = row.id_of(cell) if row.is_by_cell and cell.is_conflict else ""
    before, after = _text(cell.heading, cell.before), _text(cell.heading, cell.after)
    return ShownCell(cell.heading, before, after, tick, cell.is_untouched)


def _text(heading: str, text: str) -> str:
    return text.replace("\t", " ").strip() if heading == forms.BANDS else text


def _marked(tag: str, text: str) -> str:
    return format_html("<{0}>{1}</{0}>", tag, linebreaksbr(text)) if text else ""


def _title(looked: Looked, row: RowChange) -> str:
    """What names a row, with what it is called now: `P1-2 起業件数　年度 2025`."""
    keys = forms.BY_NAME[row.sheet].keys
    said = [(one.heading, row.named[one.heading]) for one in keys if row.named.get(one.heading)]
    (_heading, first), *others = said or [("", row.key)]
    return "　".join([f"{first}{_name(looked, row)}", *(f"{one} {text}" for one, text in others)])


def _name(looked: Looked, row: RowChange) -> str:
    """What the row's KPI is called, or the row itself; empty for what has no name or is new."""
    kpi = row.named.get("KPI番号", "")
    sheet, key = (forms.KPIS, kpi) if kpi else (row.sheet, row.key)
    heading = forms.BY_NAME[sheet].row_named_by
    name = looked.records.get(sheet, {}).get(key, {}).get(heading, "")
    return f" {name}" if name and heading.endswith("名") else ""
