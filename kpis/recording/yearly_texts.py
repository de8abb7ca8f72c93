"""Writing what was done in a year: initiatives' progress and projects' reviews."""

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kpis.permissions import ANY, User, recordable_initiatives
from kpis.recording.closing import refuse_year
from kpis.recording.refusals import Kind, RecordingRefused, Refusal, stale_message
from projects.models import (
    Initiative,
    InitiativeProgress,
    InitiativeStatus,
    Project,
    ProjectReview,
)
from projects.models.progress import MOST_COST

_Row = TypeVar("_Row", InitiativeProgress, ProjectReview)


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
    with transaction.atomic():
        Initiative.objects.select_for_update().get(pk=initiative.pk)
        if not recordable_initiatives(user, initiative.strategy).filter(pk=initiative.pk).exists():
            raise PermissionDenied(
                f"「{initiative.name}」は、あなたの課の取組ではないため入力できません。"
            )
        code = initiative.home_code
        refuse_year(initiative.strategy, fiscal_year, [code])
        problems = _progress_problems(entry)
        if problems:
            raise RecordingRefused(
                Refusal(code, Kind.INVALID, name, message) for name, message in problems
            )
        return _write(
            InitiativeProgress,
            {"initiative": initiative, "fiscal_year": fiscal_year},
            asdict(entry),
            code=code,
            user=user,
            version=version,
            reason=reason,
        )


def record_project_review(
    project: Project,
    fiscal_year: int,
    entry: ReviewEntry,
    *,
    user: User,
    version: int,
    reason: str = "",
) -> ProjectReview:
    """Write a project's review of one year and return it; the planner alone may.

    Raises like record_initiative_progress.
    """
    if not user.has_perm(ANY):
        raise PermissionDenied("総括を書くのは企画担当です。")
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        refuse_year(project.strategy, fiscal_year, [project.code])
        return _write(
            ProjectReview,
            {"project": project, "fiscal_year": fiscal_year},
            asdict(entry),
            code=project.code,
            user=user,
            version=version,
            reason=reason,
        )


def _progress_problems(entry: ProgressEntry) -> list[tuple[str, str]]:
    if entry.cost is not None and not 0 <= entry.cost <= MOST_COST:
        return [("cost", "決算額は0以上の整数を千円単位で入力してください（例：1,250）。")]
    return []


def _write(
    model: type[_Row],
    place: dict[str, Any],
    content: dict[str, Any],
    *,
    code: str,
    user: User,
    version: int,
    reason: str,
) -> _Row:
    """Write one row at its place unless it is as stated already; its owner is locked."""
    saved = model.objects.filter(**place).select_related("updated_by").first()
    if saved is not None and all(getattr(saved, name) == text for name, text in content.items()):
        return saved
    if (saved.version if saved is not None else 0) != version:
        raise RecordingRefused([Refusal(code, Kind.STALE, "", stale_message(saved), saved)])
    if saved is None:
        last = model.history.filter(**place).aggregate(last=Max("version"))["last"] or 0
        saved = model(**place, version=last)
    for name, text in content.items():
        setattr(saved, name, text)
    saved.version += 1
    saved.updated_at = timezone.now()
    saved.updated_by = user
    saved._history_user = user  # noqa: SLF001 - simple-history's documented attributes
    saved._change_reason = reason  # noqa: SLF001
    saved.save()
    return saved
