"""What a workbook changes of what stands, and where both were changed since it was exported.

Pure. A cell that changed in the product since the workbook's 版 is a conflict: what stands stays
unless it is ticked.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from entry.plan_workbook import forms
from entry.plan_workbook.columns import SheetForm
from entry.plan_workbook.standing import Record, Records
from entry.plan_workbook.written import Written, WrittenRow


class ChangeKind(Enum):
    """What becomes of a row."""

    NEW = "新しい"
    CHANGED = "変わる"
    DELETED = "削除する"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that changes. `before` and `after` are empty where there is nothing.

    `is_conflict`: it was changed in the product since the workbook was exported; `is_untouched`:
    and in the workbook it says what it was exported with. `exported` is that, empty where it said
    nothing or nobody knows.
    """

    heading: str
    before: str
    after: str
    is_conflict: bool = False
    is_untouched: bool = False
    exported: str = ""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a sheet that is new, changes or goes; of a deletion the cells are those that go.

    `named` are the cells that name the row.
    """

    sheet: str
    key: str
    kind: ChangeKind
    cells: tuple[CellChange, ...]
    named: Record

    def id_of(self, cell: CellChange) -> str:
        """By what a conflict is ticked; a row that is new or goes is ticked as a whole."""
        return "!".join((self.sheet, self.key, cell.heading if self.is_by_cell else ""))

    @property
    def is_by_cell(self) -> bool:
        """Whether its cells are ticked one by one."""
        return self.kind is ChangeKind.CHANGED

    @property
    def conflicts(self) -> list[CellChange]:
        """The cells to tick; the first alone where the row is ticked as a whole."""
        found = [one for one in self.cells if one.is_conflict]
        return found if self.is_by_cell else found[:1]


def changes_of(
    written: Written, records: Records, base: Records | None, known_departments: Collection[str]
) -> list[RowChange]:
    """What a workbook changes of `records`; `base` are those it was exported with, if known."""
    found = []
    for form in forms.FORMS:
        if form.name in (forms.PUBLISHED, forms.BANDS):
            continue
        for row in written.of(form.name):
            if form.name == forms.DEPARTMENTS and row.key in known_departments:
                continue  # those there are never changed
            standing = records.get(form.name, {}).get(row.key)
            exported = None if base is None else base.get(form.name, {}).get(row.key, {})
            change = _change(form, row, standing, exported)
            if change is not None:
                found.append(change)
    return found


def _change(
    form: SheetForm, row: WrittenRow, standing: Record | None, exported: Record | None
) -> RowChange | None:
    keys = {one.heading for one in form.keys}
    named = {heading: text for heading, text in row.cells.items() if heading in keys}
    if row.is_deletion:
        if standing is None:
            return None
        is_conflict = exported is not None and exported != standing
        gone = [(heading, text) for heading, text in standing.items() if heading not in keys]
        was = exported or {}
        cells = tuple(
            CellChange(heading, text, "", is_conflict, exported=was.get(heading, ""))
            for heading, text in gone
        )
        return RowChange(form.name, row.key, ChangeKind.DELETED, cells, named)
    if standing is None:
        stated = [(heading, text) for heading, text in row.cells.items() if heading not in keys]
        if not stated and form.name != forms.DEPARTMENTS:
            return None  # a row of a form that nobody filled in
        # It was exported and is gone since: somebody deleted it.
        was_there = bool(exported)
        was = exported or {}
        cells = tuple(
            CellChange(
                heading, "", text, was_there, was_there and was.get(heading, "") == text,
                exported=was.get(heading, ""),
            )
            for heading, text in stated
        )  # fmt: skip
        return RowChange(form.name, row.key, ChangeKind.NEW, cells, named)
    wanted = row.cells | dict.fromkeys(row.deleted, "")
    cells = tuple(
        _cell(heading, standing.get(heading, ""), text, exported)
        for heading, text in wanted.items()
        if heading not in keys and standing.get(heading, "") != text
    )
    if not cells:
        return None
    return RowChange(form.name, row.key, ChangeKind.CHANGED, cells, named)


def _cell(heading: str, before: str, after: str, exported: Record | None) -> CellChange:
    was = None if exported is None else exported.get(heading, "")
    is_conflict = was is not None and was != before
    return CellChange(
        heading, before, after, is_conflict, is_conflict and was == after, exported=was or ""
    )


def merged(records: Records, changes: Iterable[RowChange], ticked: Collection[str]) -> Records:
    """What will stand: `records` with the changes, of the conflicts among them the ticked ones."""
    after = {
        sheet: {key: dict(row) for key, row in rows.items()} for sheet, rows in records.items()
    }
    for change in changes:
        rows = after.setdefault(change.sheet, {})
        if not is_taken(change, ticked):
            continue
        if change.kind is ChangeKind.DELETED:
            rows.pop(change.key, None)
            continue
        row = rows.setdefault(change.key, dict(change.named))
        for one in _taken_cells(change, ticked):
            if one.after:
                row[one.heading] = one.after
            else:
                row.pop(one.heading, None)
    return after


def is_taken(change: RowChange, ticked: Collection[str]) -> bool:
    """Whether anything of a row changes where of the conflicts those are ticked."""
    return not change.cells or bool(_taken_cells(change, ticked))


def _taken_cells(change: RowChange, ticked: Collection[str]) -> list[CellChange]:
    return [one for one in change.cells if not one.is_conflict or change.id_of(one) in ticked]


def fingerprint(changes: Iterable[RowChange]) -> str:
    """The same for the same changes: whether what was looked over is what would be written."""
    said = [
        [one.sheet, one.key, one.kind.name, [[it.heading, it.before, it.after] for it in one.cells]]
        for one in changes
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def version_of(records: Records) -> str:
    """The 版 of what is exported: the same for the same content."""
    said = json.dumps(records, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]
