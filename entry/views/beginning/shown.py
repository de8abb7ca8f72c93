"""What a workbook changes, as the page that looks it over says it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row that changes: what names it, what becomes of it, and its cells.

    `tick` is that of the whole row where a row that is new or goes is a conflict, else empty.
    """

    title: str
    kind: ChangeKind
    cells: tuple[ShownCell, ...]
    tick: str

    @property
    def is_deletion(self) -> bool:
        """Whether the row goes."""
        return self.kind is ChangeKind.DELETED

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
    return [(sheet, counts[sheet], list(_rows(rows))) for sheet, rows in looked.rows_of]


def _rows(rows: Iterable[RowChange]) -> Iterator[ShownRow]:
    for row in rows:
        whole = "" if row.is_by_cell or not row.conflicts else row.id_of(row.conflicts[0])
        cells = tuple(_cell(row, one) for one in row.cells)
        yield ShownRow(_title(row), row.kind, cells, whole)


def _cell(row: RowChange, cell: CellChange) -> ShownCell:
    tick = row.id_of(cell) if row.is_by_cell and cell.is_conflict else ""
    before, after = _text(cell.heading, cell.before), _text(cell.heading, cell.after)
    return ShownCell(cell.heading, before, after, tick, cell.is_untouched)


def _text(heading: str, text: str) -> str:
    return text.replace("\t", " ").strip() if heading == forms.BANDS else text


def _title(row: RowChange) -> str:
    """What names a row: `P1-2`, `P1-2　年度 2025`."""
    keys = forms.BY_NAME[row.sheet].keys
    named = {one.heading: row.named.get(one.heading, "") for one in keys}
    first, *others = [(heading, text) for heading, text in named.items() if text] or [("", row.key)]
    return "　".join([first[1], *(f"{heading} {text}" for heading, text in others)])
