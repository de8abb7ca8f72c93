"""Whether somebody changed a thing while a form of it stood open: who, when, and what.

A form carries the latest row that each history concerned had when it was opened. What has come
since would be overwritten unseen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Max
from django.forms import ModelForm, ModelMultipleChoiceField
from django.utils.formats import date_format

from common.history import members_of
from common.people import moment, person_name

SEEN = "_seen"
_MARK = re.compile("[0-9]{1,18}")
_LONGEST_SHOWN = 60
_REMEDY = (
    "まだ保存していません。入力した内容は下に残っています。"
    "更新された内容を確かめて欄を直し、もう一度保存してください。"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that a form writes: their model, and the column that says whose they are."""

    model: Any
    owner: str

    def history(self, pk: int) -> Any:
        """The history of those rows, for the form of one thing; oldest first."""
        rows = self.model.history.filter(**{self.owner: pk})
        return rows.order_by("history_id")


def seen_of(parts: Sequence[Part], pk: int) -> str:
    """What a form opened now has seen: `12.40.0`, the latest history id of each part (0: none)."""
    latest = (part.history(pk).aggregate(last=Max("history_id"))["last"] for part in parts)
    return ".".join(str(last or 0) for last in latest)


def conflict(parts: Sequence[Part], seen: str, form: ModelForm[Any], user: AbstractBaseUser) -> str:
    """What was changed since, as a sentence; empty where nothing was.

    The first part is the form's own model; `form.instance` still says what is saved. A form
    without a readable mark is taken as it is.
    """
    known = [int(one) for one in seen.split(".") if _MARK.fullmatch(one)]
    if len(known) != len(parts):
        return ""
    pk = form.instance.pk
    last, *of_rows = (
        part.history(pk).filter(history_id__gt=at).last()
        for part, at in zip(parts, known, strict=True)
    )
    before = parts[0].history(pk).filter(history_id=known[0]).first()
    names = [] if last is None or before is None else _changed(last, before, form)
    changes = [row for row in of_rows if row is not None]
    what = [_standing(form, name) for name in names]
    what += [f"{row.instance_type._meta.verbose_name}の行" for row in changes]
    if last is not None and (names or before is None):
        changes.append(last)
    if not changes:
        return ""
    # Of several tables: only the clock knows an order between them, and it is only for a name.
    latest = max(changes, key=lambda row: row.history_date)
    who = "あなた" if latest.history_user_id == user.pk else person_name(latest.acted_by)
    named = f"（{'、'.join(what)}）" if what else ""
    when = moment(latest.history_date)
    return f"この画面を開いたあとで、{who}が{when}に更新しています{named}。{_REMEDY}"


def _changed(last: Any, before: Any, form: ModelForm[Any]) -> list[str]:
    """The fields that differ, and those to several rows of which the history says nothing."""
    kept = {field.name for field, _model in members_of(type(last))}
    changed = last.diff_against(before).changed_fields
    names = [field.name for field in form.instance._meta.fields if field.name in changed]
    several = [
        name
        for name, field in form.fields.items()
        if isinstance(field, ModelMultipleChoiceField) and (name not in kept or name in changed)
    ]
    return [*names, *several]


def _standing(form: ModelForm[Any], name: str) -> str:
    """`指標名は「相談件数」`: a field and what is saved in it, shortened."""
    field = form.instance._meta.get_field(name)
    text = " ".join(_text(form, name, getattr(form.instance, name)).split())
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}…"
    return f"{field.verbose_name}は「{text}」" if text else f"{field.verbose_name}は空欄"


def _text(form: ModelForm[Any], name: str, value: Any) -> str:
    field = form.instance._meta.get_field(name)
    if value is None:
        return ""
    if field.choices or isinstance(value, bool):
        words = {True: "はい", False: "いいえ", **dict(field.flatchoices)}
        return str(words.get(value, value))
    if field.many_to_many:
        return "、".join(str(one) for one in value.all())
    if isinstance(value, date):
        return date_format(value, "Y年n月j日")
    typed = form.fields.get(name)
    return str(value if typed is None or field.is_relation else typed.prepare_value(value))
