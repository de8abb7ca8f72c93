"""The entry pages of a year's texts: initiatives' progress and projects' reviews.

Their rows from the database or from what was typed, and saving them together.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from common.people import person_name
from entry.yearly.forms import VERSION, ProgressForm, ReviewForm
from kpis import recording
from kpis.permissions import User
from kpis.recording import (
    Change,
    Kind,
    ProgressEntry,
    Recorded,
    RecordingRefused,
    ReviewEntry,
)
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import (
    Initiative,
    InitiativeListing,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
    Strategy,
)

_VERSION_SUFFIX = f"-{VERSION}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the two entry pages: what its rows are and what writes them."""

    model: type[InitiativeProgress] | type[ProjectReview]
    form: type[ProgressForm] | type[ReviewForm]
    records: recording.YearlyRecords
    owner: str
    noun: str
    own: str
    counted: str

    def label(self, name: str) -> str:
        """A field's name on the page."""
        known = self.form.base_fields[name].label
        return known or str(self.model._meta.get_field(name).verbose_name)

    @property
    def names(self) -> list[str]:
        """The fields a person fills in."""
        return [name for name in self.form.base_fields if name != VERSION]


PROGRESS = Sheet(
    InitiativeProgress,
    ProgressForm,
    recording.PROGRESS,
    owner="initiative_id",
    noun="取組",
    own="あなたの課の取組",
    counted="の取組",
)
REVIEWS = Sheet(
    ProjectReview,
    ReviewForm,
    recording.REVIEWS,
    owner="project_id",
    noun="総括",
    own="この計画のプロジェクト",
    counted="プロジェクト",
)


@dataclass(slots=True)
class FieldError:
    """One sentence beside one field of one row."""

    field: str
    label: str
    message: str


@dataclass(slots=True)
class YearlyRow:
    """One initiative or project on its entry page: what its fields hold and what is wrong."""

    sheet: Sheet
    owner: Initiative | Project
    code: str
    saved: Any = None
    before: Any = None
    typed: dict[str, str] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)
    is_posted: bool = False
    is_stale: bool = False

    def __post_init__(self) -> None:
        self.typed = self.typed or _texts(self.sheet, self.saved)

    @property
    def name(self) -> str:
        """The name of the initiative or project."""
        return self.owner.name

    @property
    def invalid(self) -> frozenset[str]:
        """The fields to mark as wrong."""
        return frozenset(error.field for error in self.errors)

    @property
    def status_choices(self) -> list[tuple[str, str, bool]]:
        """(value, label, chosen) of the status; the blank one says 未入力, or goes back to it."""
        known = InitiativeStatus.choices
        choices = [*known, ("", "未入力に戻す")] if self.saved else [("", "未入力"), *known]
        chosen = self.typed["status"]
        return [(key, word, key == chosen) for key, word in choices]

    @property
    def saved_by(self) -> str:
        """Who saved what is recorded, with さん."""
        return person_name(self.saved.updated_by)

    @property
    def relisted(self) -> list[InitiativeListing]:
        """The places outside the initiative's home that list it again."""
        return [one for one in self.owner.listings.all() if one.is_relisted]

    @property
    def standing_json(self) -> str:
        """What is saved, as the fields would hold it, for the page's script."""
        return json.dumps(_texts(self.sheet, self.saved), ensure_ascii=False)

    @property
    def differing(self) -> list[str]:
        """The fields in which what was typed is not what is saved."""
        saved = _texts(self.sheet, self.saved)
        return [
            name for name in self.sheet.names if _unified(saved[name]) != _unified(self.typed[name])
        ]

    @property
    def differences(self) -> list[tuple[str, str, str]]:
        """(label, what is saved, what was typed) of the fields in which a stale row differs."""
        saved = _texts(self.sheet, self.saved)
        return [
            (self.sheet.label(name), _spoken(name, saved[name]), _spoken(name, self.typed[name]))
            for name in self.differing
        ]

    def add_error(self, name: str, message: str) -> None:
        """Say beside a field what is wrong with it."""
        self.errors.append(FieldError(name, self.sheet.label(name), message))


class YearlyRefused(Exception):
    """Nothing was written; the rows carry what was typed and why each is refused."""

    def __init__(self, *, status: int, message: str = "") -> None:
        self.status = status
        self.message = message
        super().__init__(message)


def initiative_rows(initiatives: QuerySet[Initiative], fiscal_year: int) -> list[YearlyRow]:
    """The rows of the initiatives in printed order, each at its home."""
    listings = InitiativeListing.objects.select_related("project", "initiative")
    ordered = (
        with_home_number(initiatives)
        .filter(home_number__isnull=False)
        .select_related("home_project", "department")
        .prefetch_related(Prefetch("listings", listings))
        .order_by("home_project__position", "home_project__code", "home_number")
    )
    return _rows(PROGRESS, [(code_at_home(one), one) for one in ordered], fiscal_year)


def review_rows(strategy: Strategy, fiscal_year: int) -> list[YearlyRow]:
    """The rows of the strategy's projects in printed order."""
    return _rows(REVIEWS, [(one.code, one) for one in strategy.projects.all()], fiscal_year)


def save_rows(
    strategy: Strategy,
    fiscal_year: int,
    sheet: Sheet,
    rows: Sequence[YearlyRow],
    posted: QueryDict,
    *,
    user: User,
) -> Recorded:
    """Save every row that was posted and changed: all of them, or none and YearlyRefused.

    `rows` are those the user may record; PermissionDenied if another was posted.
    """
    by_code = {row.code: row for row in rows}
    codes = [
        name.removesuffix(_VERSION_SUFFIX) for name in posted if name.endswith(_VERSION_SUFFIX)
    ]
    others = [code for code in codes if code not in by_code]
    if others:
        raise PermissionDenied(
            f"{'、'.join(others)[:100]}は、{sheet.own}ではないため入力できません。"
        )
    stated = {}
    for code in codes:
        row = by_code[code]
        row.is_posted = True
        row.typed = {name: posted.get(f"{code}-{name}", "") for name in (*sheet.names, VERSION)}
        form = sheet.form(posted, prefix=code)
        for name, messages in form.errors.items():
            for message in messages:
                row.add_error(name, message)
        if not row.errors:
            row.typed[VERSION] = str(form.cleaned_data[VERSION])
            stated[code] = form.entry()
    if any(row.errors for row in rows):
        raise YearlyRefused(status=422)
    changes = _changes(sheet, fiscal_year, [(by_code[code], stated[code]) for code in stated])
    try:
        recorded = sheet.records.record(strategy, fiscal_year, changes, user=user)
    except RecordingRefused as refused:
        raise _explained(by_code, refused) from refused
    for row in rows:
        standing = None if row.owner.pk in recorded.deleted else row.saved
        row.saved = recorded.rows.get(row.owner.pk, standing)
    return recorded


def _rows(
    sheet: Sheet, owners: Sequence[tuple[str, Initiative | Project]], fiscal_year: int
) -> list[YearlyRow]:
    recorded = sheet.model.objects.filter(
        **{f"{sheet.owner}__in": [owner.pk for _code, owner in owners]},
        fiscal_year__in=(fiscal_year - 1, fiscal_year),
    ).select_related("updated_by")
    known = {(getattr(one, sheet.owner), one.fiscal_year): one for one in recorded}
    return [
        YearlyRow(
            sheet,
            owner,
            code,
            saved=known.get((owner.pk, fiscal_year)),
            before=known.get((owner.pk, fiscal_year - 1)),
        )
        for code, owner in owners
    ]


def _changes(
    sheet: Sheet,
    fiscal_year: int,
    stated: Iterable[tuple[YearlyRow, ProgressEntry | ReviewEntry | None]],
) -> list[Change]:
    """The rows that their author changed; those only looked at are left alone."""
    changes = []
    stale: dict[int, int] = {}
    for row, entry in stated:
        version = int(row.typed[VERSION])
        current = row.saved.version if row.saved else 0
        if current == version and sheet.records.same(row.saved, entry):
            continue
        if version == 0 and entry is None:
            continue  # left as blank as it was opened, whatever somebody else wrote since
        if version not in (0, current):
            stale[row.owner.pk] = version
        changes.append(Change(row.owner.pk, entry, version))
    seen = sheet.records.past(fiscal_year, stale) if stale else {}
    return [
        change
        for change in changes
        if not (change.owner_id in seen and sheet.records.same(seen[change.owner_id], change.entry))
    ]


def _explained(rows: dict[str, YearlyRow], refused: RecordingRefused) -> YearlyRefused:
    """Put each refusal beside its field; what is left is said for the whole page."""
    page_message = ""
    for refusal in refused.refusals:
        row = rows[refusal.code]
        if not refusal.field:
            page_message = refusal.message
            continue
        name = refusal.field
        if refusal.kind is Kind.STALE:
            row.is_stale = True
            row.saved = refusal.current
            row.typed[VERSION] = str(refusal.current.version if refusal.current else 0)
            name = next(iter(row.differing), name)
        row.add_error(name, refusal.message)
    kinds = {refusal.kind for refusal in refused.refusals}
    return YearlyRefused(status=422 if kinds == {Kind.INVALID} else 409, message=page_message)


def _texts(sheet: Sheet, record: Any) -> dict[str, str]:
    """What a record's fields hold as text, ready to be typed over; for None all blank."""
    if record is None:
        return dict.fromkeys(sheet.names, "") | {VERSION: "0"}
    texts = {name: getattr(record, name) for name in (*sheet.names, VERSION)}
    return {
        name: f"{value:,}" if name == "cost" and value is not None else str(value or "")
        for name, value in texts.items()
    }


def _spoken(name: str, text: str) -> str:
    """A field's text as people read it."""
    if name == "status" and text in InitiativeStatus.values:
        return str(InitiativeStatus(text).label)
    return text


def _unified(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
