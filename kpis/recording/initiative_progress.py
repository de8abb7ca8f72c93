"""Recording what was done on an initiative in a year, or taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kpis.permissions import User, recordable_initiatives
from kpis.recording.engine import Change, YearlyRecords
from kpis.recording.outside_life import outside_life
from kpis.recording.refusals import Kind, Refusal
from projects.initiative_codes import code_at_home, with_home_number
from projects.models import Initiative, InitiativeProgress, InitiativeStatus, Strategy
from projects.models.yearly_texts import MOST_COST


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """What somebody states about an initiative's year; `cost` in 千円, None where not known."""

    status: InitiativeStatus
    summary: str = ""
    next_steps: str = ""
    cost: int | None = None


class _Progress(YearlyRecords[Initiative, ProgressEntry]):
    model = InitiativeProgress
    owner = "initiative_id"
    noun = "取組"
    stated = ("status", "summary", "next_steps", "cost")

    def owners(self, strategy: Strategy) -> QuerySet[Initiative]:
        initiatives = with_home_number(Initiative.objects.filter(strategy=strategy))
        return initiatives.select_related("home_project")

    def recordable(self, user: User, strategy: Strategy) -> QuerySet[Initiative]:
        return recordable_initiatives(user, strategy)

    def code(self, owner: Initiative) -> str:
        return code_at_home(owner)

    def problems(
        self, owner: Initiative, fiscal_year: int, entry: ProgressEntry
    ) -> list[tuple[str, str]]:
        if entry.cost is not None and not 0 <= entry.cost <= MOST_COST:
            return [("cost", "決算額は0以上の整数を千円単位で入力してください（例：1,250）。")]
        return []

    def refusals(
        self,
        owners: Mapping[int, Initiative],
        fiscal_year: int,
        changes: Sequence[tuple[Any, Change]],
        user: User | None,
    ) -> Iterable[Refusal]:
        return (
            Refusal(
                code_at_home(owners[change.owner_id]),
                Kind.INVALID,
                "status",
                outside_life(owners[change.owner_id], fiscal_year),
                owner_id=change.owner_id,
            )
            for _row, change in changes
            if change.entry is not None and not owners[change.owner_id].lives_in(fiscal_year)
        )


PROGRESS = _Progress()


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
    change = Change(initiative.pk, entry, version)
    row: InitiativeProgress = PROGRESS.record_one(
        initiative.strategy, fiscal_year, change, user=user, reason=reason
    )
    return row


def withdraw_initiative_progress(
    initiative: Initiative, fiscal_year: int, *, user: User, version: int, reason: str = ""
) -> None:
    """Make an initiative's year 未入力 again; what stood there stays in the history.

    Raises like record_initiative_progress.
    """
    change = Change(initiative.pk, None, version)
    PROGRESS.record_one(initiative.strategy, fiscal_year, change, user=user, reason=reason)


# A year's progress of several initiatives: all of them, or none. Raises like the above.
record_initiatives_progress = PROGRESS.record
