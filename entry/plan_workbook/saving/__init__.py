"""Writes what a workbook changes: rows saved one by one, each judged by its model's rules.

A row that its rules don't bear yet is tried again when others have been saved, so that the order
of what depends on each other is found; what never can be saved is told, at its cell. Nothing is
kept then, but for the trial something of it is saved all the same, unchecked: what depends on it
is judged by itself, and not told for what is wrong elsewhere.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError

from entry.plan_workbook import forms
from entry.plan_workbook.differing import ChangeKind, RowChange
from entry.plan_workbook.saving.faults import Fault, faults_of, told_once
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
from entry.plan_workbook.saving.rows import NotThere, SavedRows
from entry.plan_workbook.saving.standing_in import stand_in
from entry.plan_workbook.standing import Records, Standing
from kpis.permissions import User

__all__ = ["Fault", "save_changes"]


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to save; `do` raises ValidationError where it can't be yet."""

    sheet: str
    key: str
    do: Callable[[], None]

    @property
    def name(self) -> tuple[str, str]:
        """The sheet, and what names the row in it."""
        return self.sheet, self.key


# How often what can't be saved yet is tried again: chains that need more are nobody's plan.
_MOST_TURNS = 12
_MOST_ROUNDS = 8
Told = Mapping[tuple[str, str], Collection[str]]


def save_changes(
    standing: Standing,
    before: Records,
    after: Records,
    changes: Iterable[RowChange],
    *,
    user: User | None,
    reason: str,
    is_in_force: bool = False,
    told: Told | None = None,
) -> list[Fault]:
    """Save a workbook's changes, but for figures, in the caller's transaction; what couldn't be.

    `before` and `after` are the plan's records; `user` is None for a command. A new plan is in
    preparation, or running where `is_in_force`. Afterwards `standing` is what stands. `told` are
    the headings in which rows are wrong already (by sheet and key): the caller won't keep them.
    """
    real = [
        one
        for one in changes
        if before.get(one.sheet, {}).get(one.key) != after.get(one.sheet, {}).get(one.key)
    ]
    rows = SavedRows(standing, after, real, user, reason, is_in_force)
    told = told or {}
    found: list[Fault] = []
    left = _saved_in_order(rows, list(_tasks(rows)))
    for _round in range(_MOST_ROUNDS):
        stood_in = []
        for task, error in left:
            if _waits(error, rows, told):
                continue
            faults = _faults(task, error)
            if stand_in(rows, task.sheet, task.do, {*told.get(task.name, ()), *_headings(faults)}):
                stood_in.append(task)
                found += faults
        if not stood_in:
            break
        waiting = [task for task, _error in left if task not in stood_in]
        left = _saved_in_order(rows, waiting)
    stuck = [(task, error) for task, error in left if not _waits(error, rows, told)]
    if not (stuck or found or told):
        stuck = left  # they wait for each other
    return told_once([*found, *(one for task, error in stuck for one in _faults(task, error))])


def _saved_in_order(rows: SavedRows, tasks: list[_Task]) -> list[tuple[_Task, Exception]]:
    """Do tasks as long as one more can be done; those that can't, and why.

    What still waits the second time is done from its end: names that move up by a row make way
    for each other in that order.
    """
    left: list[tuple[_Task, Exception]] = []
    for turn in range(_MOST_TURNS):
        left = [(task, error) for task in tasks if (error := _tried(rows, task)) is not None]
        if len(left) in (0, len(tasks)):
            break
        tasks = [task for task, _error in left]
        if turn:
            tasks.reverse()
    return left


def _tried(rows: SavedRows, task: _Task) -> Exception | None:
    """Do a task; why it can't be done."""
    try:
        return _done(task)
    except IntegrityError:
        rows.asks_constraints = True
        try:
            return _done(task)
        finally:
            rows.asks_constraints = False


def _done(task: _Task) -> Exception | None:
    try:
        with transaction.atomic():
            task.do()
    except (ValidationError, ProtectedError, RestrictedError) as error:
        return error
    return None


def _waits(error: Exception, rows: SavedRows, told: Told) -> bool:
    """Whether a row can't be saved for another one alone, which is told by itself."""
    if not isinstance(error, NotThere):
        return False
    sheet, key = error.on
    return error.on in told or sheet == forms.PLAN or key in rows.after.get(sheet, {})


def _faults(task: _Task, error: Exception) -> list[Fault]:
    if isinstance(error, ValidationError):
        return list(faults_of(task.sheet, task.key, error))
    message = "ほかのものが使っているため、削除できません。使うものを先に直してください。"
    return [Fault(task.sheet, task.key, forms.BY_NAME[task.sheet].row_named_by, message)]


def _headings(faults: Iterable[Fault]) -> set[str]:
    return {one.heading for one in faults}


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
    # A KPI's at the last of its rows, which says where it is now.
    for name, key in {key.split("／")[0]: key for key in sorted(rows.changed[forms.MOVES])}.items():
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
                yield _Task(sheet, key, partial(_delete, rows, sheet, row_of, key))


def _delete(rows: SavedRows, sheet: str, row_of: Callable[[str], Any], key: str) -> None:
    rows.delete(row_of(key))
    if sheet == forms.KPIS:
        del rows.standing.kpis[key]


def _listing_or_initiative(standing: Standing, key: str) -> Any:
    """A 再掲; at its home the initiative itself."""
    listing = standing.listings[key]
    return listing if listing.is_relisted else listing.initiative
