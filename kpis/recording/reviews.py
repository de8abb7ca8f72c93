"""Recording the planner's review of a project's year, or taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from common.fiscal_year import wareki
from kpis.lookup import projects_in
from kpis.permissions import User, may_review
from kpis.plan_states import denied
from kpis.recording.engine import Change, Recorded, YearlyRecords
from kpis.recording.refusals import Kind, Refusal
from projects.models import Project, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """What the planner states about a project's year."""

    summary: str = ""
    external_opinion: str = ""


_WORDLESS = ReviewEntry()


class _Reviews(YearlyRecords[Project, ReviewEntry]):
    model = ProjectReview
    owner = "project_id"
    noun = "プロジェクト"
    stated = ("summary", "external_opinion")

    def owners(self, strategy: Strategy) -> QuerySet[Project]:
        return strategy.projects.filter(holds_goals=False)

    def recordable(self, user: User, strategy: Strategy) -> QuerySet[Project]:
        return strategy.projects.filter(holds_goals=False)

    def code(self, owner: Project) -> str:
        return owner.code

    def refusals(
        self,
        owners: Mapping[int, Project],
        fiscal_year: int,
        changes: Sequence[tuple[Any, Change]],
    ) -> Iterable[Refusal]:
        """Reviews of years in which nothing of the project is in the plan (one query)."""
        stated = [one.owner_id for _row, one in changes if one.entry is not None]
        if not stated:
            return
        strategy = owners[stated[0]].strategy
        standing = set(projects_in(strategy, fiscal_year).values_list("pk", flat=True))
        for pk in stated:
            if pk not in standing:
                message = (
                    f"{wareki(fiscal_year)}には、このプロジェクトに載っているものがありません。"
                )
                yield Refusal(owners[pk].code, Kind.INVALID, "summary", message, owner_id=pk)

    def record(
        self,
        strategy: Strategy,
        fiscal_year: int,
        changes: Sequence[Change],
        *,
        user: User,
        reason: str = "",
    ) -> Recorded:
        """As the engine does, for the planner alone; a review without words is taken back."""
        refuse_reviewer(user, strategy)
        stated = [replace(one, entry=None) if one.entry == _WORDLESS else one for one in changes]
        return super().record(strategy, fiscal_year, stated, user=user, reason=reason)


REVIEWS = _Reviews()


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

    None for a review without words, which takes back what stood there. Raises
    PermissionDenied, or RecordingRefused with the reasons.
    """
    change = Change(project.pk, entry, version)
    row: ProjectReview | None = REVIEWS.record_one(
        project.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row


# A year's reviews of several projects: all of them, or none. Raises like record_project_review.
record_project_reviews = REVIEWS.record


def refuse_reviewer(user: User, strategy: Strategy) -> None:
    """Raise PermissionDenied unless the user may write projects' reviews."""
    if not may_review(user, strategy):
        raise denied(strategy, "総括を書くのは企画担当です。")
