"""Saving rows of the entry page together: all of them, or none and the reasons."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from entry.sheet.forms import ActualForm
from entry.sheet.rows import LABELS, EntryError, EntryRow, saved_texts
from kpis.models import ActualState
from kpis.permissions import User
from kpis.recording import (
    ACTUALS,
    ActualEntry,
    Change,
    Kind,
    Recorded,
    RecordingRefused,
    problems_of,
    record_actuals,
)
from kpis.series import ActualRecord, KpiSeries, measurement_of
from projects.models import Strategy

_VERSION_SUFFIX = "-version"
# A row that states nothing, or nothing that can be read.
_SKIP = object()


class EntryRefused(Exception):
    """Nothing was written; the rows carry what was typed and why each is refused."""

    def __init__(self, rows: Sequence[EntryRow], *, status: int, message: str = "") -> None:
        self.rows = rows
        self.status = status
        self.message = message
        super().__init__(message)


def posted_codes(posted: QueryDict) -> list[str]:
    """The codes of the rows that a page or a row has posted."""
    return [name.removesuffix(_VERSION_SUFFIX) for name in posted if name.endswith(_VERSION_SUFFIX)]


def save_entries(
    strategy: Strategy,
    fiscal_year: int,
    series: Sequence[KpiSeries],
    posted: QueryDict,
    *,
    user: User,
) -> Recorded:
    """Save every row that was posted and changed: all of them, or none and EntryRefused.

    `series` are the KPIs the user may record; PermissionDenied if another was posted.
    """
    by_code = {one.definition.code: one for one in series}
    codes = posted_codes(posted)
    others = [code for code in codes if code not in by_code]
    if others:
        raise PermissionDenied(
            f"{'、'.join(others)[:100]}は、あなたの課の指標ではないため入力できません。"
        )
    rows = {
        one.definition.code: EntryRow(
            one,
            fiscal_year,
            _typed_texts(one.definition.code, posted)
            if one.definition.code in codes
            else saved_texts(one, fiscal_year),
        )
        for one in series
    }
    entries = {code: _read(rows[code], posted) for code in codes}
    if any(row.errors for row in rows.values()):
        _suppose(rows.values(), entries)
        raise EntryRefused(list(rows.values()), status=422)
    changes = _changes(rows, entries)
    try:
        return record_actuals(strategy, fiscal_year, changes, user=user)
    except RecordingRefused as refused:
        _suppose(rows.values(), entries)
        raise EntryRefused(list(rows.values()), **_explain(rows, refused)) from refused


def supposed(series: KpiSeries, fiscal_year: int, posted: QueryDict) -> EntryRow:
    """A row as it would be rated if it were saved as typed; errors stay quiet in `errors`."""
    row = EntryRow(series, fiscal_year, _typed_texts(series.definition.code, posted))
    entry = _read(row, posted)
    _suppose([row], {row.code: entry})
    return row


def _read(row: EntryRow, posted: QueryDict) -> ActualEntry | object | None:
    """What a posted row states, _SKIP if nothing; errors go into the row."""
    form = ActualForm(posted, prefix=row.code, unit=row.series.definition.unit)
    if not form.is_valid():
        row.errors = [
            EntryError(name, message)
            for name, messages in form.errors.items()
            for message in messages
        ]
        return _SKIP
    form.let_go(row.saved)
    row.typed["version"] = str(form.cleaned_data["version"])
    entry = form.entry()
    if entry is None:
        return None
    if not (form.has_figure or form.has_explanation or form.cleaned_data["confirmation"]):
        if row.typed["version"] == "0":
            return _SKIP
        if row.is_waiting:
            return None
    problems = problems_of(row.series.definition, entry)
    is_current = row.saved is not None and row.typed["version"] == str(row.saved.version)
    if not form.has_figure and not row.is_waiting and is_current:
        problems = [
            (
                "value",
                "実績値が空です。入力をやめるときは、状態で「未入力に戻す」を選んでください。",
            )
        ]
    row.errors = [EntryError(name, message) for name, message in problems]
    return entry


def _changes(
    rows: dict[str, EntryRow], entries: dict[str, ActualEntry | object | None]
) -> list[Change]:
    """The rows that their author changed; those only looked at are left alone."""
    changes = []
    stale: dict[int, int] = {}
    for code, entry in entries.items():
        if entry is _SKIP:
            continue
        row = rows[code]
        version = int(row.typed["version"])
        saved = row.saved
        current = saved.version if saved is not None else 0
        if saved is not None and current == version and _says(saved, entry):
            continue
        if version not in (0, current):
            stale[row.series.definition.id] = version
        changes.append(Change(row.series.definition.id, entry, version))
    if not stale:
        return changes
    seen = ACTUALS.past(next(iter(rows.values())).fiscal_year, stale)
    return [
        change
        for change in changes
        if not (
            change.owner_id in seen
            and change.entry is not None
            and ACTUALS.same(seen[change.owner_id], change.entry)
        )
    ]


def _says(saved: ActualRecord, entry: ActualEntry | object | None) -> bool:
    return isinstance(entry, ActualEntry) and ACTUALS.same(saved, entry)


def _explain(rows: dict[str, EntryRow], refused: RecordingRefused) -> dict[str, object]:
    """Put each refusal beside its field; the status and the sentence for the whole page."""
    kinds = set()
    page_message = ""
    for refusal in refused.refusals:
        kinds.add(refusal.kind)
        row = rows.get(refusal.code)
        if row is None or not refusal.field:
            page_message = refusal.message
            continue
        row.errors.append(EntryError(refusal.field, refusal.message))
        if refusal.kind is Kind.STALE:
            row.is_stale = True
            row.theirs = refusal.current
            row.typed["version"] = str(refusal.current.version if refusal.current else 0)
    status = 422 if kinds == {Kind.INVALID} else 409
    return {"status": status, "message": page_message}


def _suppose(rows: Iterable[EntryRow], entries: dict[str, ActualEntry | object | None]) -> None:
    """Rate each typed row as if it were saved."""
    for row in rows:
        entry = entries.get(row.code, _SKIP)
        if entry is _SKIP or row.errors:
            continue
        stated = isinstance(entry, ActualEntry) and entry.state != ActualState.MISSING
        row.assess(measurement_of(entry.state, entry.value) if stated else None)


def _typed_texts(code: str, posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(f"{code}-{name}", "") for name in LABELS}
