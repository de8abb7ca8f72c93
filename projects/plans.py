"""Which plans somebody sees, and which is meant where none is named."""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, QueryDict

from projects.models import Strategy

# What lists of the admin are asked for a plan by: its code.
PLAN_PARAMETER = "plan"


def main_plan() -> Strategy | None:
    """The main plan (主たる計画), to which addresses without a plan lead; None without one."""
    return Strategy.objects.filter(is_current=True).first()


def plans_with_code(code: str | None) -> list[Strategy]:
    """The plan of that code, or every plan where none is named.

    Raises ValueError with a sentence that names those there are.
    """
    plans = list(Strategy.objects.all())
    found = [one for one in plans if code in (None, one.code)]
    if plans and not found:
        known = "、".join(one.code for one in plans)
        raise ValueError(f"計画コード「{code}」の計画はありません。あるのは {known} です。")
    return found


class PlansOf:
    """Somebody's plans. Who sees which is the room above's to say (`kpis.apps` registers it)."""

    seen: ClassVar[Callable[[HttpRequest], list[Strategy]]]
    home: ClassVar[Callable[[HttpRequest], Strategy | None]]


def plan_for_new_rows(request: HttpRequest) -> Strategy | None:
    """The plan of the list that a form was opened from, else somebody's own; None if ended."""
    code = QueryDict(request.GET.get("_changelist_filters", "")).get(PLAN_PARAMETER)
    listed = next((one for one in PlansOf.seen(request) if one.code == code), None)
    found = listed or PlansOf.home(request)
    return found if found and not found.has_ended else None


def lock_plans() -> None:
    """Lock every plan until the transaction ends.

    Closing a year takes the same lock: it can't slip in between a check and what is written.
    """
    list(Strategy.objects.select_for_update(no_key=True).order_by("pk"))
