"""Rows of a plan as they stood when a correction began: put back from their histories.

What comes after what is said by the histories' sequences, never by a date.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Max, ProtectedError, RestrictedError

from common.history import sign_change, tracked_models
from kpis.permissions import User
from kpis.recording.refusals import Kind, RecordingRefused, Refusal
from projects.models import Correction, EntryDeadline, PlanRow, Strategy, Versioned

_CREATED, _DELETED = "+", "-"
# Which plan is the main one, and whether it runs, is nothing that a correction changes.
_NOT_PUT_BACK = frozenset(["state", "is_current"])
# What every save writes anew, by which a row of people's entries is not another one.
_OF_THE_SAVE = frozenset(["version"])


def history_marks() -> dict[str, int]:
    """The last row of each history that is put back from, by table; 0 for an empty one."""
    return {
        history._meta.label_lower: history.objects.aggregate(last=Max("history_id"))["last"] or 0
        for _model, history, _way in _histories()
    }


def put_back(correction: Correction, user: User, reason: str, *, with_plan: bool) -> None:
    """Put the rows of a plan back that were changed since a correction began.

    Those of the reopened years alone, or with them what is the plan's own (`with_plan`): targets,
    definitions, lists, rules. Raises RecordingRefused where a row can't go back.
    """
    created: list[Any] = []
    before: list[tuple[Any, Any]] = []
    for model, history, way in _histories():
        for past, last in _changed(model, history, way, correction, with_plan=with_plan):
            if past is None or past.history_type == _DELETED:
                created.append((model, last))
            else:
                before.append((past, last))
    row: Any = None
    try:
        # What rests on other rows goes first and comes back last.
        for model, last in reversed(created):
            row = model.objects.filter(pk=last.id).first()
            if row is not None:
                sign_change(row, user, reason)
                row.delete()
        for past, last in before:
            row = _restored(past, last)
            if row is not None:
                sign_change(row, user, reason)
                row.save()
    except (IntegrityError, ProtectedError, RestrictedError, ValidationError):
        raise _refused(
            f"「{row}」を、改め始めたときの内容に戻せません。"
            "そのあとに変わったほかのものが、これを使っています。"
        ) from None


def _histories() -> Iterator[tuple[Any, Any, tuple[str, ...]]]:
    """Every model whose rows are a plan's, its history, and the relations that lead to the plan.

    Rows that others rest on come first.
    """
    for model, history in tracked_models():
        way = _way(model)
        if way is not None and model is not EntryDeadline:
            yield model, history, way


def _way(model: Any) -> tuple[str, ...] | None:
    if model is Strategy:
        return ()
    if issubclass(model, PlanRow):
        return tuple(model.way_to_plan)
    if issubclass(model, Versioned):
        # What a year brought is about a row of the plan.
        relations = (one for one in model._meta.concrete_fields if one.is_relation)
        owner = next(one for one in relations if issubclass(one.related_model, PlanRow))
        return (owner.name, *owner.related_model.way_to_plan)
    return None


def _changed(
    model: Any, history: Any, way: tuple[str, ...], correction: Correction, *, with_plan: bool
) -> Iterator[tuple[Any, Any]]:
    """Each thing that changed: its history's row at the beginning (None: there was none), last."""
    mark = correction.marks.get(history._meta.label_lower, 0)
    of_plan: dict[str, Any] = {"__".join(way) or "id": correction.strategy_id}
    since = history.objects.filter(history_id__gt=mark, **of_plan).order_by("history_id")
    if "fiscal_year" in {one.name for one in model._meta.concrete_fields}:
        ever = history.objects.filter(fiscal_year__in=correction.years)
        since = since.filter(id__in=ever.order_by().values("id"))
    elif not with_plan:
        return
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    for row in since:
        first.setdefault(row.id, row)
        last[row.id] = row
    up_to = history.objects.filter(id__in=last, history_id__lte=mark).order_by("history_id")
    past = {row.id: row for row in up_to}
    for pk, row in last.items():
        if pk not in past and first[pk].history_type != _CREATED:
            raise _refused(
                f"「{row.instance}」が改め始めたときにどうだったかが、履歴にありません。"
            )
        yield past.get(pk), row


def _restored(past: Any, last: Any) -> Any:
    """The row to save, as it was; None where it is so."""
    fields = [one.attname for one in past.instance_type._meta.concrete_fields]
    compared = [one for one in fields if one not in _OF_THE_SAVE | _NOT_PUT_BACK]
    is_there = last.history_type != _DELETED
    if is_there and all(getattr(past, one) == getattr(last, one) for one in compared):
        return None
    row = past.instance
    if isinstance(row, Versioned):
        row.version = last.version + 1
    if isinstance(row, Strategy):
        for name in _NOT_PUT_BACK:
            setattr(row, name, getattr(last, name))
    return row


def _refused(message: str) -> RecordingRefused:
    return RecordingRefused([Refusal("", Kind.INVALID, "", message)])
