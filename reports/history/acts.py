"""What one act on the plan wrote, told as one thing with its reason.

An act locks the plan, so what its person wrote in it between its beginning and its end is its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from projects.models import Strategy
from reports.history.changes import SYSTEM, Change
from reports.models import PlanChange


@dataclass(frozen=True, slots=True)
class Told:
    """A change of the history alone, or the changes of one `act` that stand together."""

    act: PlanChange | None
    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """The one that stands first."""
        return self.changes[0]


def told_by_act(strategy: Strategy, changes: Sequence[Change]) -> list[Told]:
    """Some changes in their order, those of one act together (one query)."""
    if not changes:
        return []
    moments = [change.when for change in changes]
    acts = list(
        PlanChange.objects.filter(
            strategy=strategy, began_at__lte=max(moments), made_at__gte=min(moments)
        ).defer("differences")
    )
    told = []
    for act, own in groupby(changes, lambda change: _act_of(change, acts)):
        if act is None:
            told += [Told(None, (change,)) for change in own]
        else:
            told.append(Told(act, tuple(own)))
    return told


def _act_of(change: Change, acts: Iterable[PlanChange]) -> PlanChange | None:
    """The act that wrote a row of the history; None where none did."""
    for act in acts:
        by_them = change.person == (act.made_by_name or SYSTEM)
        if by_them and act.began_at <= change.when <= act.made_at:
            return act
    return None
