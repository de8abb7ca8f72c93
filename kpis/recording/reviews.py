"""Recording the planner's review of a project's year, or taking it back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.fiscal_year import wareki
from kpis.lookup import projects_in
from kpis.permissions import User, may_review
from kpis.plan_rules import plan_rules
from kpis.plan_states import denied
from kpis.progress import load_progress
from kpis.recording.engine import KEPT, Change, Recorded, Unstated, YearlyRecords
from kpis.recording.judgements import only_reason, place_faults, why_differing
from kpis.recording.refusals import Kind, Refusal
from projects.bands import Band
from projects.models import Project, ProjectReview, Strategy


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """What the planner states about a project's year.

    Where people rate projects, the office's rating with its reason and the outside experts' one:
    places of bands, from 1 for the best, None for none. What is KEPT stays as it stands.
    """

    summary: str = ""
    external_opinion: str = ""
    rating_place: int | Unstated | None = KEPT
    rating_reason: str | Unstated = KEPT
    external_place: int | Unstated | None = KEPT


_WORDLESS = ReviewEntry("", "", None, "", None)
_RATED = ("rating_place", "rating_reason", "external_place")


class _Reviews(YearlyRecords[Project, ReviewEntry]):
    model = ProjectReview
    owner = "project_id"
    noun = "プロジェクト"
    stated = ("summary", "external_opinion", *_RATED)

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
        user: User | None,
    ) -> Iterable[Refusal]:
        """Reviews of years in which nothing of the project is in the plan (one query).

        And ratings that can't be given so.
        """
        yield from _refused_ratings(owners, fiscal_year, changes)
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
        user: User | None,
        reason: str = "",
    ) -> Recorded:
        """As the engine does, for the planner alone."""
        refuse_reviewer(user, strategy)
        return super().record(strategy, fiscal_year, changes, user=user, reason=reason)

    def settled(self, row: Any, entry: ReviewEntry | None) -> ReviewEntry | None:
        """As the engine does; a review without words and ratings is taken back."""
        complete = super().settled(row, entry)
        return None if complete == _WORDLESS else complete


def _refused_ratings(
    owners: Mapping[int, Project], fiscal_year: int, changes: Sequence[tuple[Any, Change]]
) -> Iterator[Refusal]:
    """Ratings of projects that the plan's rules of the year don't have; no query without any."""
    rated = [
        (owners[one.owner_id], _ratings(row), one.entry)
        for row, one in changes
        if one.entry is not None and _ratings(row) != _ratings(one.entry)
    ]
    if not rated:
        return
    strategy = rated[0][0].strategy
    rules = plan_rules(strategy).in_year(fiscal_year)
    scale, experts = rules.project_scale, rules.external_scale
    computed = computed_of_projects(strategy, fiscal_year) if scale.is_by_rate else {}
    for owner, before, entry in rated:
        own, others = entry.rating_place, entry.external_place
        faults: list[tuple[str, str]] = []
        has_reason = bool(entry.rating_reason.strip())
        if before[2] != others:
            called = "外部有識者の評価"
            faults += place_faults(called, "external_place", others, experts, fiscal_year)
        if before[:2] != (own, entry.rating_reason):
            faults += place_faults("評価", "rating_place", own, scale, fiscal_year)
            if own is None and has_reason:
                faults.append(("rating_place", only_reason("評価")))
            if own is not None and not has_reason and not faults:
                sentence = why_differing(scale.at(own), {"計算による": computed.get(owner.pk)})
                faults += [("rating_reason", sentence)] if sentence else []
        for field, sentence in faults:
            yield Refusal(owner.code, Kind.INVALID, field, sentence, owner_id=owner.pk)


def _ratings(stated: Any) -> tuple[Any, ...]:
    """The ratings of a row or an entry (None: nothing is stated)."""
    return (None, "", None) if stated is None else tuple(getattr(stated, one) for one in _RATED)


def computed_of_projects(strategy: Strategy, fiscal_year: int) -> dict[int, Band | None]:
    """What the means say of the projects of a year, by id."""
    progress = load_progress(strategy, fiscal_year)
    return {one.project.pk: one.standing.computed for one in progress.projects}


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


def refuse_reviewer(user: User | None, strategy: Strategy) -> None:
    """Raise PermissionDenied unless the user may write projects' reviews."""
    if not may_review(user, strategy):
        raise denied(strategy, "総括を書くのは企画担当です。")
