"""The day by which a fiscal year's actuals are to be entered."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from common.fiscal_year import wareki, wareki_date
from common.history import sign_change
from kpis.permissions import User, may_set_deadline
from kpis.plan_states import denied
from kpis.recording import Kind, RecordingRefused, Refusal
from projects.models import EntryDeadline, Strategy
from projects.rules import check_deadline_changeable

_LATEST_YEARS_AFTER = 3


def set_deadline(strategy: Strategy, fiscal_year: int, due_on: date | None, *, user: User) -> bool:
    """Set a year's deadline, or take it away with None; return whether anything changed.

    Raises PermissionDenied, or RecordingRefused for a closed year and for a day
    before the year begins or years after it.
    """
    if not may_set_deadline(user, strategy):
        raise denied(strategy, "締切を決めるのは企画担当です。")
    with transaction.atomic():
        # Closing a year takes the same lock.
        Strategy.objects.select_for_update(no_key=True).get(pk=strategy.pk)
        place = {"strategy": strategy, "fiscal_year": fiscal_year}
        _refuse(EntryDeadline(**place), due_on)
        saved = EntryDeadline.objects.filter(**place).first()
        if (saved.due_on if saved else None) == due_on:
            return False
        deadline = saved or EntryDeadline(**place)
        sign_change(deadline, user)
        if due_on is None:
            deadline.delete()
        else:
            deadline.due_on = due_on
            deadline.save()
        return True


def _refuse(deadline: EntryDeadline, due_on: date | None) -> None:
    year = deadline.fiscal_year
    first, last = date(year, 4, 1), date(year + _LATEST_YEARS_AFTER, 3, 31)
    try:
        check_deadline_changeable(deadline)
    except ValidationError as closed:
        message = "".join(closed.messages)
    else:
        if due_on is None or first <= due_on <= last:
            return
        span = f"{wareki_date(first)}から{wareki_date(last)}まで"
        message = f"{wareki(year)}の締切は、{span}の日にしてください。"
    raise RecordingRefused([Refusal("", Kind.INVALID, "due_on", message)])
