"""The entry page's rows: from the database or from what was typed, and saving them together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from kpis.achievement import Measurement, display_value
from kpis.assessment import KpiAssessment
from kpis.doubts import doubts
from kpis.forms import STATE_CHOICES, WITHDRAW, ActualForm
from kpis.models import ActualState, YearlyActual
from kpis.permissions import User
from kpis.recording import (
    ActualChange,
    ActualEntry,
    Kind,
    Recorded,
    RecordingRefused,
    past_versions,
    problems_of,
    record_actuals,
    same_content,
)
from kpis.series import ActualRecord, KpiSeries, measurement_of
from projects.models import Strategy

_VERSION_SUFFIX = "-version"
# A row that states nothing, or nothing that can be read.
_SKIP = object()
_LABELS = {
    "value": "実績値",
    "state": "状態",
    "unmeasured_reason": "未測定の理由",
    "expected_on": "集計中の予定日",
    "analysis": "要因分析",
    "next_steps": "今後の方向性",
    "confirmation": "確認のひとこと",
    "version": "版",
}


@dataclass(slots=True)
class EntryError:
    """One sentence beside one field of one row."""

    field: str
    message: str

    @property
    def label(self) -> str:
        """The field's name on the page."""
        return _LABELS.get(self.field, "")


@dataclass(slots=True)
class EntryRow:
    """One KPI on the entry page: what its fields hold, what is wrong, what it would mean."""

    series: KpiSeries
    fiscal_year: int
    typed: dict[str, str]
    errors: list[EntryError] = field(default_factory=list)
    theirs: YearlyActual | None = None
    is_stale: bool = False
    assessment: KpiAssessment | None = None
    doubts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.assessment is None:
            self.assess(self.series.measurements.get(self.fiscal_year))

    def assess(self, measurement: Measurement | None) -> None:
        """Rate and doubt the row as if this were the year's measurement."""
        self.assessment = self.series.assess_with(self.fiscal_year, measurement)
        before = self.series.measurements.get(self.fiscal_year - 1)
        self.doubts = doubts(
            self.series.definition,
            measurement.value if measurement else None,
            last_year=before.value if before else None,
            sum_before=self.sum_before,
        )

    @property
    def code(self) -> str:
        """The KPI's code, which prefixes the names and ids of the row's fields."""
        return self.series.definition.code

    @property
    def saved(self) -> ActualRecord | None:
        """The actual as it was when the page was made."""
        return self.series.actuals.get(self.fiscal_year)

    @property
    def last_year(self) -> str:
        """Last year's own figure as text, or the word for why there is none."""
        record = self.series.actuals.get(self.fiscal_year - 1)
        if self.fiscal_year == self.series.rules.first_year:
            return "－"
        if record is None:
            return ActualState.MISSING.label
        if record.value is None:
            return ActualState(record.state).label
        return display_value(record.value, self.series.definition.decimal_places)

    @property
    def sum_before(self) -> Decimal:
        """The sum of the years before this one."""
        known = self.series.measurements.items()
        values = [one.value for year, one in known if one.value and year < self.fiscal_year]
        return sum(values, Decimal(0))

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has stated anything about the year yet."""
        return self.fiscal_year not in self.series.measurements

    @property
    def before(self) -> ActualRecord | None:
        """Last year's record, for its explanation."""
        return self.series.actuals.get(self.fiscal_year - 1)

    @property
    def state_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the state field; withdrawing only what is recorded."""
        choices = [*STATE_CHOICES]
        if self.typed["version"] != "0":
            choices.append((WITHDRAW, "未入力に戻す"))
        return [(key, label, key == self.typed["state"]) for key, label in choices]

    @property
    def fields_with_errors(self) -> frozenset[str]:
        """The fields to mark as invalid."""
        return frozenset(error.field for error in self.errors)

    @property
    def has_explanation(self) -> bool:
        """Whether an explanation is written."""
        return bool(self.typed["analysis"] or self.typed["next_steps"])

    @property
    def shows_explanation(self) -> bool:
        """Whether the explanation has to be looked at."""
        return bool({"analysis", "next_steps"} & self.fields_with_errors) or self.is_stale


class EntryRefused(Exception):
    """Nothing was written; the rows carry what was typed and why each is refused."""

    def __init__(self, rows: Sequence[EntryRow], *, status: int, message: str = "") -> None:
        self.rows = rows
        self.status = status
        self.message = message
        super().__init__(message)


def entry_rows(series: Iterable[KpiSeries], fiscal_year: int) -> list[EntryRow]:
    """The rows of a page nobody has typed into yet."""
    return [EntryRow(one, fiscal_year, _saved_texts(one, fiscal_year)) for one in series]


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
    codes = [
        name.removesuffix(_VERSION_SUFFIX) for name in posted if name.endswith(_VERSION_SUFFIX)
    ]
    others = [code for code in codes if code not in by_code]
    if others:
        raise PermissionDenied(
            f"{'、'.join(others)[:100]}は、あなたの課の指標ではないため入力できません。"
        )
    posted_codes = set(codes)
    rows = {
        one.definition.code: EntryRow(
            one,
            fiscal_year,
            _typed_texts(one.definition.code, posted)
            if one.definition.code in posted_codes
            else _saved_texts(one, fiscal_year),
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
    entry = form.entry()
    if entry is None:
        return None
    if not (form.has_figure or form.has_explanation):
        if row.typed["version"] == "0":
            return _SKIP
        if row.is_waiting:
            return None
    problems = problems_of(row.series.definition, entry)
    if not form.has_figure and not row.is_waiting:
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
) -> list[ActualChange]:
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
        changes.append(ActualChange(row.series.definition.id, entry, version))
    if not stale:
        return changes
    seen = past_versions(next(iter(rows.values())).fiscal_year, stale)
    return [
        change
        for change in changes
        if not (
            change.kpi_id in seen
            and change.entry is not None
            and same_content(seen[change.kpi_id], change.entry)
        )
    ]


def _says(saved: ActualRecord, entry: ActualEntry | object | None) -> bool:
    return isinstance(entry, ActualEntry) and same_content(saved, entry)


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


def _saved_texts(series: KpiSeries, fiscal_year: int) -> dict[str, str]:
    saved = series.actuals.get(fiscal_year)
    if saved is None:
        return dict.fromkeys(_LABELS, "") | {"state": ActualState.FINAL.value, "version": "0"}
    places = series.definition.decimal_places
    return {
        "value": "" if saved.value is None else f"{saved.value:.{places}f}",
        "state": saved.state if saved.is_stated else ActualState.FINAL.value,
        "unmeasured_reason": saved.unmeasured_reason,
        "expected_on": saved.expected_on.isoformat() if saved.expected_on else "",
        "analysis": saved.analysis,
        "next_steps": saved.next_steps,
        "confirmation": saved.confirmation,
        "version": str(saved.version),
    }


def _typed_texts(code: str, posted: QueryDict) -> dict[str, str]:
    return {name: posted.get(f"{code}-{name}", "") for name in _LABELS}
