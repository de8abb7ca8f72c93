"""An act on a plan tried out, and carried out with what it changed kept for ever.

Whoever changes a plan does it through here: a screen, a file, a command. The act itself
asks whether its user may, and writes the histories and the audit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.people import name_of
from kpis.permissions import User
from kpis.recording import lock_plan
from projects.models import Strategy
from reports.annual.year_changes import (
    YearChanges,
    as_text,
    changes_of_years,
    fingerprint,
    open_contents,
)
from reports.models import PlanChange

# What writes, when it is called; what it returns is nobody's business here.
Act = Callable[[], object]


class ChangesOtherwise(Exception):
    """Nothing was written: the act changes other things than those that were looked over.

    `years` are what it changes now.
    """

    def __init__(self, years: list[YearChanges]) -> None:
        super().__init__("確認の画面を開いたあとに、計画の内容が変わりました。")
        self.years = years


def preview_of(strategy: Strategy, act: Act) -> list[YearChanges]:
    """What the act would change in each open year; nothing stays written.

    Raises what the act raises.
    """
    with transaction.atomic():
        done = _done(strategy, act)
        transaction.set_rollback(True)
    return done.years


def carry_out(
    strategy: Strategy,
    kind: str,
    reason: str,
    user: User | None,
    act: Act,
    *,
    subject: str = "",
    expected: str = "",
) -> PlanChange:
    """Do the act, in one transaction with the record of it.

    `kind` names it (`目標の見直し`), `subject` what it is about (`P1-1「起業件数」`). `expected`
    is the fingerprint of the changes that were looked over, empty for whatever comes of it.
    `user` is None for a command. Raises ChangesOtherwise, and what the act raises; then nothing
    is written.
    """
    with transaction.atomic():
        done = _done(strategy, act)
        if expected and fingerprint(done.years) != expected:
            raise ChangesOtherwise(done.years)
        last = PlanChange.objects.filter(strategy=strategy).aggregate(last=Max("number"))["last"]
        return PlanChange.objects.create(
            strategy=strategy,
            strategy_name=strategy.name,
            number=(last or 0) + 1,
            kind=kind,
            subject=subject,
            reason=reason,
            began_at=done.began_at,
            made_at=done.made_at,
            made_by=user if user is not None and user.is_authenticated else None,
            made_by_name=name_of(user) if user is not None and user.is_authenticated else "",
            differences=as_text(done.years),
        )


@dataclass(frozen=True, slots=True)
class _Done:
    """What an act changed, and the moments between which it wrote."""

    years: list[YearChanges]
    began_at: datetime
    made_at: datetime


def _done(strategy: Strategy, act: Act) -> _Done:
    """Do the act under the plan's lock, so that what differs is its doing alone."""
    lock_plan(strategy)
    before = open_contents(strategy)
    began_at = timezone.now()
    act()
    made_at = timezone.now()
    return _Done(changes_of_years(before, open_contents(strategy)), began_at, made_at)
