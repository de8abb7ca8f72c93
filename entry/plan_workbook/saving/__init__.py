"""Writes what a workbook changes: rows saved one by one, each judged by its model's rules.

A row that its rules don't bear yet is tried again when others have been saved, so that the order
of what depends on each other is found; what never can be saved is told, at its cell.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError

from entry.plan_workbook import forms
from entry.plan_workbook.differing import ChangeKind, RowChange
from entry.plan_workbook.saving.faults import Fault, faults_of
from entry.plan_workbook.saving.kpis import (
    save_kpi,
    save_moves,
    save_target,
    save_yearly,
    standing_target,
)
from entry.plan_workbook.saving.parts import (
    save_department,
    save_listing,
    save_pillar,
    save_project,
)
from entry.plan_workbook.saving.plan import save_own_rules, save_plan, save_rules
from entry.plan_workbook.saving.rows import SavedRows
from entry.plan_workbook.standing import Records, Standing
from kpis.permissions import User

__all__ = ["Fault", "save_changes"]


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to save; `do` raises ValidationError where it can't be yet."""

    sheet: str
    key: str
    do: Callable[[], None]


def save_changes(
    standing: Standing,
    before: Records,
    after: Records,
    changes: Iterable[RowChange],
    *,
    user: User | None,
    reason: str,
    is_in_force: bool = False,
) -> list[Fault]:
    """Save a workbook's changes, but for figures, in the caller's transaction; what couldn't be.

    `before` and `after` are the plan's records; `user` is None for a command. A new plan is in
    preparation, or running where `is_in_force`. Afterwards `standing` is what stands.
    """
    real = [
        one
        for one in changes
        if before.get(one.sheet, {}).get(one.key) != after.get(one.sheet, {}).get(one.key)
    ]
    rows = SavedRows(standing, after, real, user, reason, is_in_force)
    waiting = list(_tasks(rows))
    while waiting:
        left: list[_Task] = []
        faults: list[Fault] = []
        for task in waiting:
            told = _tried(task)
            if told:
                left.append(task)
                faults += told
        if len(left) == len(waiting) or standing.strategy is None:
            return faults
        waiting = left
    return []


def _tried(task: _Task) -> list[Fault]:
    """Do a task; why it can't be done."""
    try:
        with transaction.atomic():
            task.do()
    except ValidationError as error:
        return list(faults_of(task.sheet, task.key, error))
    except (ProtectedError, RestrictedError):
        message = "ほかのものが使っているため、削除できません。使うものを先に直してください。"
        return [Fault(task.sheet, task.key, forms.BY_NAME[task.sheet].row_named_by, message)]
    return []


def _tasks(rows: SavedRows) -> Iterator[_Task]:
    """Everything to save; each mostly after what it refers to."""
    yield from _deletions(rows)
    of_the_plan = (forms.PLAN, forms.PERIODS, forms.RULES)
    if rows.standing.strategy is None or any(rows.changed[name] for name in of_the_plan):
        yield _Task(forms.PLAN, "計画コード", partial(save_plan, rows))
    makers: tuple[tuple[str, Callable[[SavedRows, str], None]], ...] = (
        (forms.DEPARTMENTS, save_department),
        (forms.PILLARS, save_pillar),
        (forms.PROJECTS, save_project),
        (forms.INITIATIVES, save_listing),
    )
    for sheet, save in makers:
        for key in rows.saved(sheet):
            yield _Task(sheet, key, partial(save, rows, key))
    for name in _kpis_to_save(rows):
        yield _Task(forms.KPIS, name, partial(save_kpi, rows, name))
    yield from _rules(rows)
    for name, key in _first_by_kpi(rows, forms.MOVES).items():
        yield _Task(forms.MOVES, key, partial(save_moves, rows, name))
    for key in rows.saved(forms.TARGETS):
        yield _Task(forms.TARGETS, key, partial(save_target, rows, key))
    for name, change in rows.changed[forms.YEARLY].items():
        for cell in change.cells:
            yield _Task(forms.YEARLY, name, partial(save_yearly, rows, (name, cell.heading)))


def _rules(rows: SavedRows) -> Iterator[_Task]:
    """Revisions of the plan's rules, each once however many rows it has, and KPIs' own."""
    revised: dict[str, str] = {}
    for key in rows.changed[forms.RULES]:
        since, _of, kpi = key.split("／")
        if kpi:
            yield _Task(forms.RULES, key, partial(save_own_rules, rows, key))
        elif since:
            revised.setdefault(since, key)
    for since, key in sorted(revised.items()):
        yield _Task(forms.RULES, key, partial(save_rules, rows, since))


def _kpis_to_save(rows: SavedRows) -> list[str]:
    """KPIs that change, or whose first baseline does."""
    rebased = [
        name
        for name, key in _first_by_kpi(rows, forms.TARGETS).items()
        if key == f"{name}／"
        and {"基準値", "基準値の年度"}
        & {it.heading for it in rows.changed[forms.TARGETS][key].cells}
    ]
    standing = [name for name in rebased if name in rows.after.get(forms.KPIS, {})]
    return list(dict.fromkeys([*rows.saved(forms.KPIS), *standing]))


def _first_by_kpi(rows: SavedRows, sheet: str) -> dict[str, str]:
    """The first changed key of each KPI in a sheet whose keys begin with one."""
    found: dict[str, str] = {}
    for key in sorted(rows.changed[sheet]):
        found.setdefault(key.split("／")[0], key)
    return found


def _deletions(rows: SavedRows) -> Iterator[_Task]:
    standing = rows.standing
    found: tuple[tuple[str, Callable[[str], Any]], ...] = (
        (forms.TARGETS, partial(standing_target, rows)),
        (forms.KPIS, lambda key: standing.kpis[key]),
        (forms.INITIATIVES, lambda key: _listing_or_initiative(standing, key)),
        (forms.PROJECTS, lambda key: standing.projects[key]),
        (forms.PILLARS, lambda key: standing.pillars[key]),
    )
    for sheet, row_of in found:
        for key, change in rows.changed[sheet].items():
            if change.kind is ChangeKind.DELETED:
                yield _Task(sheet, key, partial(_delete, rows, row_of, key))


def _delete(rows: SavedRows, row_of: Callable[[str], Any], key: str) -> None:
    rows.delete(row_of(key))


def _listing_or_initiative(standing: Standing, key: str) -> Any:
    """A 再掲; at its home the initiative itself."""
    listing = standing.listings[key]
    return listing if listing.is_relisted else listing.initiative
