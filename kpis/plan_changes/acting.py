"""What every act on a plan's rows has in common: who may, the lock, and refusals by field."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from accounts.audit import Kind as Audited
from accounts.audit import note
from common.fiscal_year import wareki
from common.history import sign_change
from common.reading.texts import too_long
from kpis.permissions import User, may_change_plan
from kpis.plan_states import denied
from kpis.recording import Kind, RecordingRefused, Refusal, lock_plan
from projects.models import Strategy
from projects.rules import Fault, ended

REASON = "reason"


@contextmanager
def acting(strategy: Strategy, user: User) -> Iterator[Strategy]:
    """A transaction of a planner's, with the plan as it stands, locked.

    What a model's rules refuse within leaves as RecordingRefused.
    """
    with transaction.atomic():
        plan = lock_plan(strategy)
        if not may_change_plan(user, plan):
            raise denied(plan, "計画を変えるのは企画担当です。")
        if plan.has_ended:
            raise refused(ended(plan))
        yield plan


def closed_years_of(plan: Strategy) -> list[int]:
    """The plan's closed fiscal years, in order (one query)."""
    closings = plan.closings.order_by("fiscal_year")
    return list(closings.values_list("fiscal_year", flat=True))


def last_closed_year(plan: Strategy) -> int | None:
    """The latest closed fiscal year of a plan; None where none is."""
    return max(closed_years_of(plan), default=None)


def first_open_year(plan: Strategy) -> int:
    """The first year that an act can be about: the one after all that are closed.

    RecordingRefused where the plan has none.
    """
    closed = last_closed_year(plan)
    year = plan.first_year if closed is None else closed + 1
    if year > plan.last_year:
        raise refused(
            f"「{plan.name}」は{wareki(plan.last_year)}まで締め済みのため、変えられる年度がありません。"
        )
    return year


def check_year(plan: Strategy, fiscal_year: int, field: str) -> None:
    """Raise RecordingRefused for a year from which nothing can change, naming what is closed."""
    if fiscal_year not in plan.years:
        raise refused(
            f"計画期間（{wareki(plan.first_year)}から{wareki(plan.last_year)}まで）の"
            f"年度にしてください。",
            field,
        )
    closed = last_closed_year(plan)
    if closed is not None and fiscal_year <= closed:
        raise refused(
            f"{wareki(closed)}は締め済みです。{wareki(closed)}より後の年度にしてください。", field
        )


def stated_reason(reason: str, label: str, *, is_needed: bool = True) -> str:
    """A reason as it is kept. RecordingRefused at `reason` where it is missing or too long."""
    reason = reason.strip()
    problem = too_long(label, reason)
    if not reason and is_needed:
        problem = f"{label}を書いてください（報告書に載ります）。"
    if problem:
        raise refused(problem, REASON)
    return reason


def save_row(row: Any, user: User, reason: str) -> None:
    """Save a row that its model's rules bear, its history signed; else RecordingRefused."""
    try:
        row.full_clean()
    except ValidationError as refusal:
        raise by_field(refusal) from None
    sign_change(row, user, reason)
    row.save()


def remove_row(row: Any, user: User, reason: str) -> None:
    """Delete a row as its model's rules allow, its history signed; else RecordingRefused."""
    sign_change(row, user, reason)
    try:
        row.delete()
    except ValidationError as refusal:
        raise by_field(refusal) from None


def by_field(refusal: ValidationError) -> RecordingRefused:
    """A model's refusal as an act's, with the fields at fault."""
    if not hasattr(refusal, "error_dict"):
        return RecordingRefused(Refusal("", Kind.INVALID, "", one) for one in refusal.messages)
    return RecordingRefused(
        Refusal("", Kind.INVALID, "" if name == NON_FIELD_ERRORS else name, message)
        for name, messages in refusal.message_dict.items()
        for message in messages
    )


def refuse_faults(faults: Iterator[Fault]) -> None:
    """Raise RecordingRefused if there are any faults."""
    found = [Refusal("", Kind.INVALID, one.field, one.entered) for one in faults]
    if found:
        raise RecordingRefused(found)


def refused(message: str, field: str = "") -> RecordingRefused:
    """The refusal to raise, with one sentence."""
    return RecordingRefused([Refusal("", Kind.INVALID, field, message)])


def all_refused(messages: Iterable[str], field: str = "") -> RecordingRefused:
    """The refusal to raise, with a sentence for each thing in the way."""
    return RecordingRefused(Refusal("", Kind.INVALID, field, message) for message in messages)


def check_fields(row: Any, names: Collection[str]) -> None:
    """Raise RecordingRefused, at its field, for the first of a row's columns that can't be so."""
    others = {field.name for field in row._meta.fields} - set(names)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise refused("".join(sentences), name) from None


def note_act(plan: Strategy, what: str, reason: str, user: User) -> None:
    """Note an act in the audit, with its reason."""
    why = f"（理由：{reason}）" if reason else ""
    note(Audited.PLAN, f"{plan.name}：{what}{why}", user=user)
