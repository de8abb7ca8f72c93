"""Saving the rows of an entry page together: all of them, or none and the reasons."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from django.http import QueryDict

from entry.sheet.rows import OUTDATED, VERSION, SheetRow
from kpis.permissions import User
from kpis.plan_states import denied
from kpis.recording import Change, Kind, Recorded, RecordingRefused, YearlyRecords
from projects.models import Strategy
from projects.words import PlanWords

_VERSION_SUFFIX = f"-{VERSION}"
Row = TypeVar("Row", bound=SheetRow)


class Unreadable(Exception):
    """A row can't be read; its errors say why."""


class Untouched(Exception):
    """A row states nothing, as it did when the page was opened."""


class Sheet(ABC, Generic[Row]):
    """One of the entry pages: whose rows it has, how they are read, its words and templates.

    `fields` are those that a person fills in in every row, in the order of the page; `page` is its
    URL's name and `script` the module that it runs. Words: `own` is what a row of somebody else's
    is not, `thing` what a field holds; `counted` follows the number of rows, and `saved` says how
    many were saved. Templates: `conflict` shows a stale row beside what is saved, `own_parts`
    is what no other page's rows have.
    """

    records: ClassVar[YearlyRecords[Any, Any]]
    fields: ClassVar[tuple[str, ...]]
    page: ClassVar[str]
    title: ClassVar[str]
    script: ClassVar[str] = "js/texts.js"
    own: ClassVar[str]
    thing: ClassVar[str] = "内容"
    counted: ClassVar[str] = ""
    saved: ClassVar[str]
    conflict: ClassVar[str]
    own_parts: ClassVar[str]

    @abstractmethod
    def read(self, row: Row, posted: QueryDict) -> Any:
        """What a posted row states, None to make the year 未入力 again.

        Raises Unreadable with the errors put into the row, or Untouched.
        """

    def count(self, number: int, words: PlanWords) -> str:
        """How many rows there are, in the plan's words: `51の取組`; empty where it isn't said."""
        return f"{number}{words.put(self.counted)}" if self.counted else ""

    def preview(self, row: Row, entry: Any) -> None:
        """Show a row as if an entry were saved."""

    def fill_in(self, row: Row, posted: QueryDict) -> bool:
        """Put what was posted into a row's fields; return whether any of them was."""
        names = (*row.labels, VERSION)
        row.typed = {name: posted.get(f"{row.code}-{name}", "") for name in names}
        row.is_posted = True
        return any(f"{row.code}-{name}" in posted for name in row.labels)


class SheetRefused(Exception):
    """Nothing was written; the rows carry what was typed and why each is refused.

    `status` is that of the answer, `message` what holds for the whole page.
    """

    def __init__(self, *, status: int, message: str = "") -> None:
        self.status = status
        self.message = message
        super().__init__(message)


def posted_codes(posted: QueryDict) -> list[str]:
    """The codes of the rows that a page or a row has posted."""
    return [name.removesuffix(_VERSION_SUFFIX) for name in posted if name.endswith(_VERSION_SUFFIX)]


def save(
    sheet: Sheet[Row],
    strategy: Strategy,
    fiscal_year: int,
    rows: Sequence[Row],
    posted: QueryDict,
    *,
    user: User,
) -> Recorded:
    """Save every row that was posted and changed: all of them, or none and SheetRefused.

    `rows` are those the user may record; PermissionDenied if another was posted.
    """
    by_code = {row.code: row for row in rows}
    codes = posted_codes(posted)
    others = [code for code in codes if code not in by_code]
    if others:
        own, named = strategy.words.put(sheet.own), "、".join(others)[:100]
        raise denied(strategy, f"{named}は、{own}ではないため入力できません。")
    stated: list[tuple[Row, Any]] = []
    for code in codes:
        row = by_code[code]
        if not sheet.fill_in(row, posted):
            row.add_error(VERSION, OUTDATED)
            continue
        try:
            stated.append((row, sheet.read(row, posted)))
        except (Unreadable, Untouched):
            continue
    if any(row.errors for row in rows):
        _preview(sheet, stated)
        raise SheetRefused(status=422)
    changes = _changes(sheet, fiscal_year, stated)
    try:
        recorded = sheet.records.record(strategy, fiscal_year, changes, user=user)
    except RecordingRefused as refused:
        _preview(sheet, stated)
        raise _explained(rows, refused) from refused
    written = {change.owner_id for change in changes}
    for row in rows:
        if row.is_posted:
            # What the engine was asked about stands as it says; the rest as it was.
            standing = recorded.rows.get(row.owner_id)
            row.show_saved(standing if row.owner_id in written else row.saved)
    return recorded


def _preview(sheet: Sheet[Row], stated: Sequence[tuple[Row, Any]]) -> None:
    for row, entry in stated:
        if not row.errors:
            sheet.preview(row, entry)


def _changes(
    sheet: Sheet[Row], fiscal_year: int, stated: Sequence[tuple[Row, Any]]
) -> list[Change]:
    """The rows that their author changed; those only looked at are left alone."""
    same = sheet.records.same
    changes = []
    stale: dict[int, int] = {}
    for row, entry in stated:
        version = int(row.typed[VERSION])
        if row.saved_version == version and same(row.saved, entry):
            continue
        if version not in (0, row.saved_version):
            stale[row.owner_id] = version
        changes.append(Change(row.owner_id, entry, version))
    seen = sheet.records.past(fiscal_year, stale) if stale else {}
    return [
        change
        for change in changes
        if change.owner_id not in seen or not same(seen[change.owner_id], change.entry)
    ]


def _explained(rows: Sequence[Row], refused: RecordingRefused) -> SheetRefused:
    """Put each refusal beside its field; what is left is said for the whole page."""
    by_owner = {row.owner_id: row for row in rows}
    page_message = ""
    for refusal in refused.refusals:
        if refusal.owner_id is None or not refusal.field:
            page_message = refusal.message
            continue
        row = by_owner[refusal.owner_id]
        name = refusal.field
        if refusal.kind is Kind.STALE:
            row.show_newer(refusal.current)
            name = next(iter(row.differing), name)
        row.add_error(name, refusal.message)
    kinds = {refusal.kind for refusal in refused.refusals}
    return SheetRefused(status=422 if kinds == {Kind.INVALID} else 409, message=page_message)
