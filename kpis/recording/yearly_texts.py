"""Writing what was done in a year, or taking it back: initiatives' progress, projects' reviews.

One, or a batch that is written whole or not at all; whatever a batch writes, in a
constant number of queries, but for two each that it takes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from kpis.permissions import ANY, User, recordable_initiatives
from kpis.recording.closing import refuse_year
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, stale_message
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import (
    Initiative,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
    Strategy,
)
from projects.models.progress import MOST_COST

Model = type[InitiativeProgress] | type[ProjectReview]
# The column that names what a row is about, and those that somebody fills in.
_OWNER = {InitiativeProgress: "initiative_id", ProjectReview: "project_id"}
_STATED = {
    InitiativeProgress: ("status", "summary", "next_steps", "cost"),
    ProjectReview: ("summary", "external_opinion"),
}


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """What somebody states about an initiative's year; `cost` in 千円, None where not known."""

    status: InitiativeStatus
    summary: str = ""
    next_steps: str = ""
    cost: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """What the planner states about a project's year."""

    summary: str = ""
    external_opinion: str = ""


_WORDLESS = ReviewEntry()


@dataclass(frozen=True, slots=True)
class TextChange:
    """An entry for one initiative or project and the version it was made on (0: none was there).

    `entry` None takes back what was recorded, so that the year is 未入力 again; so does a
    review without words.
    """

    owner_id: int
    entry: ProgressEntry | ReviewEntry | None
    version: int


@dataclass(frozen=True, slots=True)
class RecordedTexts:
    """What a batch did: ids of initiatives or projects by outcome, and the rows that stand.

    Unchanged entries write nothing.
    """

    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    rows: Mapping[int, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many rows were written or taken back."""
        return len(self.created) + len(self.updated) + len(self.deleted)


def record_initiative_progress(
    initiative: Initiative,
    fiscal_year: int,
    entry: ProgressEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> InitiativeProgress:
    """Write an initiative's progress of one year, at its home, and return it.

    `version` is the one the entry was made on, 0 where there was none. Raises
    PermissionDenied unless the initiative is the user's departments' (or the
    user may record any), and RecordingRefused with the reasons.
    """
    change = TextChange(initiative.pk, entry, version)
    recorded = record_initiatives_progress(
        initiative.strategy, fiscal_year, [change], user=user, reason=reason
    )
    return recorded.rows[initiative.pk]


def withdraw_initiative_progress(
    initiative: Initiative, fiscal_year: int, *, user: User, version: int, reason: str = ""
) -> None:
    """Make an initiative's year 未入力 again; what stood there stays in the history.

    Raises like record_initiative_progress.
    """
    change = TextChange(initiative.pk, None, version)
    record_initiatives_progress(
        initiative.strategy, fiscal_year, [change], user=user, reason=reason
    )


def record_initiatives_progress(
    strategy: Strategy,
    fiscal_year: int,
    changes: Sequence[TextChange],
    *,
    user: User,
    reason: str = "",
) -> RecordedTexts:
    """Write a year's progress of several initiatives: all of them, or none.

    Raises like record_initiative_progress.
    """
    if not changes:
        return RecordedTexts()
    with transaction.atomic():
        codes = _lock_initiatives(strategy, changes, user)
        refuse_year(strategy, fiscal_year, codes.values())
        problems = [
            Refusal(codes[change.owner_id], Kind.INVALID, name, message)
            for change in changes
            if isinstance(change.entry, ProgressEntry)
            for name, message in _progress_problems(change.entry)
        ]
        return _write(InitiativeProgress, fiscal_year, changes, codes, problems, user, reason)


def record_project_review(
    project: Project,
    fiscal_year: int,
    entry: ReviewEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> ProjectReview | None:
    """Write a project's review of one year and return it; the planner alone may.

    None for a review without words, which takes back what stood there. Raises like
    record_initiative_progress.
    """
    change = TextChange(project.pk, entry, version)
    recorded = record_project_reviews(
        project.strategy, fiscal_year, [change], user=user, reason=reason
    )
    return recorded.rows.get(project.pk)


def record_project_reviews(
    strategy: Strategy,
    fiscal_year: int,
    changes: Sequence[TextChange],
    *,
    user: User,
    reason: str = "",
) -> RecordedTexts:
    """Write a year's reviews of several projects: all of them, or none.

    Raises like record_project_review.
    """
    refuse_reviewer(user)
    if not changes:
        return RecordedTexts()
    with transaction.atomic():
        wanted = _owners(changes)
        locked = strategy.projects.select_for_update(of=("self",)).filter(pk__in=wanted)
        codes = dict(locked.order_by("pk").values_list("pk", "code"))
        if wanted - set(codes):
            raise PermissionDenied("この計画のプロジェクトではありません。")
        refuse_year(strategy, fiscal_year, codes.values())
        stated = [replace(one, entry=None) if one.entry == _WORDLESS else one for one in changes]
        return _write(ProjectReview, fiscal_year, stated, codes, [], user, reason)


def refuse_reviewer(user: User) -> None:
    """Raise PermissionDenied unless the user may write projects' reviews."""
    if not user.has_perm(ANY):
        raise PermissionDenied("総括を書くのは企画担当です。")


def same_texts(
    row: InitiativeProgress | ProjectReview | None, entry: ProgressEntry | ReviewEntry | None
) -> bool:
    """Whether an entry says what a row (or a row of its history) already says.

    None on either side is 未入力.
    """
    if row is None or entry is None:
        return row is entry
    return all(getattr(row, name) == stated for name, stated in asdict(entry).items())


def past_texts(model: Model, fiscal_year: int, versions: Mapping[int, int]) -> dict[int, Any]:
    """The rows as they stood at given versions, by owner's id, from the history (one query).

    For telling what a person changed from what they only saw.
    """
    owner = _OWNER[model]
    rows = model.history.filter(
        **{f"{owner}__in": versions}, fiscal_year=fiscal_year, history_type__in=("+", "~")
    ).order_by("history_id")
    named = ((getattr(row, owner), row) for row in rows)
    return {pk: row for pk, row in named if versions[pk] == row.version}


def _owners(changes: Sequence[TextChange]) -> set[int]:
    wanted = {change.owner_id for change in changes}
    if len(wanted) < len(changes):
        raise ValueError("An initiative or a project stands twice in one batch.")
    return wanted


def _lock_initiatives(
    strategy: Strategy, changes: Sequence[TextChange], user: User
) -> dict[int, str]:
    """The codes of the changes' initiatives, locked in one order; PermissionDenied for others'."""
    wanted = _owners(changes)
    locked = (
        with_home_number(Initiative.objects.filter(strategy=strategy, pk__in=wanted))
        .select_for_update(of=("self",))
        .select_related("home_project")
        .order_by("pk")
    )
    codes = {initiative.pk: code_at_home(initiative) for initiative in locked}
    if wanted - set(codes):
        raise PermissionDenied("この計画の取組ではありません。")
    if not user.has_perm(ANY):
        own = recordable_initiatives(user, strategy).filter(pk__in=wanted)
        others = wanted - set(own.values_list("pk", flat=True))
        if others:
            named = "、".join(codes[pk] for pk in sorted(others))
            raise PermissionDenied(f"{named}は、あなたの課の取組ではないため入力できません。")
    return codes


def _progress_problems(entry: ProgressEntry) -> list[tuple[str, str]]:
    if entry.cost is not None and not 0 <= entry.cost <= MOST_COST:
        return [("cost", "決算額は0以上の整数を千円単位で入力してください（例：1,250）。")]
    return []


def _write(
    model: Model,
    fiscal_year: int,
    changes: Sequence[TextChange],
    codes: Mapping[int, str],
    refusals: list[Refusal],
    user: User,
    reason: str,
) -> RecordedTexts:
    """Write the rows that do not say it already; their owners are locked."""
    owner = _OWNER[model]
    saved_rows = model.objects.filter(**{f"{owner}__in": codes}, fiscal_year=fiscal_year)
    current = {getattr(row, owner): row for row in saved_rows.select_related("updated_by")}
    outcome = _Outcome(model, fiscal_year)
    for change in changes:
        row = current.get(change.owner_id)
        if same_texts(row, change.entry):
            continue
        if (row.version if row is not None else 0) == change.version:
            outcome.add(change, row)
        else:
            code = codes[change.owner_id]
            refusals.append(Refusal(code, Kind.STALE, _STATED[model][0], stale_message(row), row))
    if refusals:
        raise RecordingRefused(refusals)
    outcome.write(user, reason)
    standing = {pk: row for pk, row in current.items() if pk not in outcome.deleted}
    return RecordedTexts(
        tuple(outcome.created),
        tuple(outcome.updated),
        tuple(outcome.deleted),
        rows=standing | outcome.created,
    )


class _Outcome:
    """The rows of a batch by owner's id, sorted by what has to happen to them."""

    def __init__(self, model: Model, fiscal_year: int) -> None:
        self.model = model
        self.fiscal_year = fiscal_year
        self.created: dict[int, Any] = {}
        self.updated: dict[int, Any] = {}
        self.deleted: dict[int, Any] = {}

    def add(self, change: TextChange, row: Any) -> None:
        pk = change.owner_id
        if change.entry is None:
            self.deleted[pk] = row
            return
        if row is None:
            owner = {_OWNER[self.model]: pk}
            row = self.created[pk] = self.model(**owner, fiscal_year=self.fiscal_year, version=0)
        else:
            self.updated[pk] = row
        for name, stated in asdict(change.entry).items():
            setattr(row, name, stated)
        row.version += 1

    def write(self, user: User, reason: str) -> None:
        now = timezone.now()
        for row in (*self.created.values(), *self.updated.values()):
            row.updated_at = now
            row.updated_by = user
        history = {"default_user": user, "default_change_reason": reason, "default_date": now}
        if self.created:
            self._continue_versions()
            bulk_create_with_history(self.created.values(), self.model, **history)
        if self.updated:
            written = [*_STATED[self.model], "version", "updated_at", "updated_by"]
            bulk_update_with_history(self.updated.values(), self.model, written, **history)
        for row in self.deleted.values():
            row._history_user = user  # noqa: SLF001 - simple-history's documented attributes
            row._change_reason = reason  # noqa: SLF001
            row.delete()

    def _continue_versions(self) -> None:
        """Count on from a deleted predecessor, so that a stale version never fits again."""
        owner = _OWNER[self.model]
        past = self.model.history.filter(
            **{f"{owner}__in": self.created}, fiscal_year=self.fiscal_year
        )
        last = dict(past.values_list(owner).annotate(Max("version")))
        for pk, row in self.created.items():
            row.version = last.get(pk, 0) + 1
