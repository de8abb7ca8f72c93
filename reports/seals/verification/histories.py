"""Tables against their histories: every row is what its last history row says."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import SET_NULL, Field, Max

from common.history import members_of, tracked_models
from reports.seals.verification.findings import Findings
from reports.seals.verification.names import name_of_thing
from reports.seals.verification.side_by_side import Row, side_by_side

_DELETED = "-"
_LONGEST_SHOWN = 40


def verify_histories(found: Findings) -> tuple[int, int]:
    """Hold all tables that have a history against it; return how many tables and rows those are."""
    tables = rows = 0
    for model, history in tracked_models():
        rows += _verify_rows(model, history, found)
        tables += 1
        for field, kept in members_of(history):
            _verify_members(model, field, history, kept, found)
    return tables, rows


def _verify_rows(model: Any, history: Any, found: Findings) -> int:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = [field.attname for field in fields]
    kind, count = str(model._meta.verbose_name), 0
    rows = model.objects.order_by("pk").values_list("pk", *columns)
    last = history.objects.filter(pk__in=_last_ids(history)).order_by("id")
    past = last.values_list("id", "history_type", "history_id", *columns)
    for row, before in side_by_side(rows.iterator(), past.iterator()):
        count += row is not None
        for sentence in _faults(row, before, fields):
            pk = (row or before or (None,))[0]
            found.problem(kind, f"{name_of_thing(model, pk)}：{sentence}")
    return count


def _last_ids(history: Any) -> Any:
    """The key of each thing's last history row."""
    return history.objects.order_by().values("id").annotate(last=Max("history_id")).values("last")


def _faults(row: Row | None, past: Row | None, fields: Sequence[Field[Any, Any]]) -> Iterator[str]:
    """What is wrong with one thing, whose row and last history row these are."""
    if past is None:
        yield "履歴がありません。履歴を残さない方法で書き込まれたか、履歴が消されています。"
    elif row is None:
        if past[1] != _DELETED:
            yield f"最後の履歴（{past[2]}番）では残っているのに、表から消えています。"
    elif past[1] == _DELETED:
        yield f"最後の履歴（{past[2]}番）では削除されているのに、表に残っています。"
    else:
        for field, now, then in zip(fields, row[1:], past[3:], strict=True):
            if now != then and not _is_forgotten(field, now, then):
                yield (
                    f"{field.verbose_name}は、表では「{_shown(now)}」、"
                    f"最後の履歴（{past[2]}番）では「{_shown(then)}」です。"
                )


def _is_forgotten(field: Any, now: Any, then: Any) -> bool:
    """Whether a reference went with the account to which it led, as accounts are deleted."""
    if now is not None or not field.is_relation or field.remote_field.on_delete is not SET_NULL:
        return False
    return not field.related_model.objects.filter(pk=then).exists()


def _shown(value: Any) -> str:
    text = "空欄" if value in (None, "") else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _verify_members(model: Any, field: Any, history: Any, kept: Any, found: Findings) -> None:
    """A field to several rows; an account that was deleted left it without a history."""
    pair = [f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"]
    through = field.remote_field.through.objects
    rows = through.order_by(*pair).values_list(*pair)
    standing = history.objects.filter(pk__in=_last_ids(history)).exclude(history_type=_DELETED)
    past = kept.objects.filter(history_id__in=standing.order_by().values("pk"))
    pairs = past.order_by(*pair).values_list(*pair)
    kind = f"{model._meta.verbose_name}の{field.verbose_name}"
    for now, then in side_by_side(rows.iterator(), pairs.iterator(), width=2):
        if now is not None and then is not None:
            continue
        pk, other = now or then or (None, None)
        if then is not None and not field.related_model.objects.filter(pk=other).exists():
            continue
        place = "最後の履歴にはありません" if then is None else "最後の履歴にしかありません"
        found.problem(
            kind,
            f"{name_of_thing(model, pk)}：{field.verbose_name}の"
            f"{name_of_thing(field.related_model, other)}は、{place}。",
        )
