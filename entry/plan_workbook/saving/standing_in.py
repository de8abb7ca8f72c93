"""Lets a row with a fault stand in a trial, so that what depends on it is judged by itself."""

from collections.abc import Callable, Collection
from decimal import InvalidOperation

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from entry.plan_workbook import forms
from entry.plan_workbook.saving.rows import SavedRows

_STRUCTURE = (
    forms.PLAN, forms.DEPARTMENTS, forms.PILLARS, forms.PROJECTS, forms.INITIATIVES,
)  # fmt: skip
# What of a KPI has no say in its targets and figures.
WITHOUT_CONSEQUENCE = frozenset({
    "指標名", "所管課", "算出方法", "出典", "備考", "開始の理由", "終了の理由", "前の指標",
    "実績の引用元",
})  # fmt: skip


def stand_in(rows: SavedRows, sheet: str, do: Callable[[], None], wrong: Collection[str]) -> bool:
    """Do a task unchecked; whether that could be done. `wrong` are the headings at fault."""
    if sheet not in _STRUCTURE and not (
        sheet == forms.KPIS and WITHOUT_CONSEQUENCE.issuperset(wrong)
    ):
        return False
    projects = dict(rows.standing.projects)
    rows.is_lenient = True
    try:
        with transaction.atomic():
            do()
    except (ValidationError, DatabaseError, ValueError, KeyError, InvalidOperation):
        rows.standing.projects = projects
        return False
    finally:
        rows.is_lenient = False
    return True
