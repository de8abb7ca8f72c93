"""新旧対照表: what a change of a plan changed, as the document that a city publishes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from projects.models import Strategy
from projects.words import PlanWords
from reports.annual.year_changes import YearChanges, from_text
from reports.models import PlanChange

_DRAFT = "案"


@dataclass(frozen=True, slots=True)
class OldAndNew:
    """One change with what it changed; `edition_label` is `第3回の変更`, or 案 until it is made.

    `kind` is what was done (`目標の見直し`), `subject` to what, empty for the plan; `made_at` is
    when it was done, or looked over.
    """

    municipality: str
    office: str
    strategy_name: str
    words: PlanWords
    kind: str
    subject: str
    reason: str
    edition_label: str
    made_at: datetime
    years: tuple[YearChanges, ...]
    is_sample: bool

    @property
    def title(self) -> str:
        return "新旧対照表"

    @property
    def is_draft(self) -> bool:
        """Whether the change is not made yet (案)."""
        return self.edition_label == _DRAFT

    @property
    def count(self) -> int:
        """How many things read otherwise."""
        return sum(len(one.changes) for one in self.years)


def old_and_new_of(strategy: Strategy, change: PlanChange) -> OldAndNew:
    """The document of a change that was made."""
    return OldAndNew(
        municipality=strategy.municipality,
        office=strategy.office,
        strategy_name=change.strategy_name,
        words=strategy.words,
        kind=change.kind,
        subject=change.subject,
        reason=change.reason,
        edition_label=change.label,
        made_at=timezone.localtime(change.made_at).replace(microsecond=0),
        years=tuple(from_text(change.differences)),
        is_sample=settings.DEMO,
    )


def draft_of(
    strategy: Strategy, kind: str, subject: str, reason: str, years: Sequence[YearChanges]
) -> OldAndNew:
    """The document of a change that is looked over."""
    return OldAndNew(
        municipality=strategy.municipality,
        office=strategy.office,
        strategy_name=strategy.name,
        words=strategy.words,
        kind=kind,
        subject=subject,
        reason=reason,
        edition_label=_DRAFT,
        made_at=timezone.localtime().replace(microsecond=0),
        years=tuple(years),
        is_sample=settings.DEMO,
    )
