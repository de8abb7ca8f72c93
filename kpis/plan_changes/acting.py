"""What acts on a plan's contents have in common: who may, the lock, the reason, the open years."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from common.reading.texts import too_long
from kpis.permissions import User, may_change_plan
from kpis.plan_states import denied
from kpis.recording import Kind, RecordingRefused, Refusal, lock_plan
from projects.models import Strategy


@contextmanager
def acting(strategy: Strategy, user: User) -> Iterator[Strategy]:
    """A transaction of a planner's, with the plan as it stands, locked."""
    if not may_change_plan(user, strategy):
        raise denied(strategy, "計画を変えるのは企画担当です。")
    with transaction.atomic():
        plan = lock_plan(strategy)
        if not may_change_plan(user, plan):
            raise denied(plan, "計画を変えるのは企画担当です。")
        yield plan


def read_reason(reason: str) -> str:
    """The reason without blanks at its edges; RecordingRefused (field `reason`) without one."""
    stripped = reason.strip()
    problem = too_long("理由", stripped) if stripped else "変える理由を書いてください。"
    if problem:
        raise refused(problem, "reason")
    return stripped


def refused(message: str, field: str = "") -> RecordingRefused:
    """The refusal to raise, with one sentence; `field` is the one at fault."""
    return all_refused([message], field)


def all_refused(messages: Iterable[str], field: str = "") -> RecordingRefused:
    """The refusal to raise, with a sentence for each thing in the way."""
    return RecordingRefused(Refusal("", Kind.INVALID, field, message) for message in messages)


def check_fields(row: Model, names: Collection[str]) -> None:
    """Raise RecordingRefused, at its field, for the first of a row's columns that can't be so."""
    others = {field.name for field in row._meta.fields} - set(names)
    try:
        row.clean_fields(exclude=others)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise refused("".join(sentences), name) from None


def closed_years_of(plan: Strategy) -> list[int]:
    """The plan's closed years, in order (one query)."""
    closings = plan.closings.order_by("fiscal_year")
    return list(closings.values_list("fiscal_year", flat=True))
