"""Sequences of acts, drawn from a seed, with the law held against each: what is closed stays.

A step draws its act and its arguments from a seed of its own, so that steps can be left out of a
sequence that fails, until each of those that remain is needed.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.http import QueryDict

from entry.assignment import AssignmentRefused
from entry.next_plan.beginning import PlanChanged
from entry.plan_file.fixture import PlanRefused
from entry.plan_workbook.importing import WorkbookRefused
from kpis.recording import RecordingRefused
from projects.models import Strategy
from reports.annual.editions import IssueRefused
from reports.annual.law import differences_from_kept
from reports.models import KeptContent
from tests.law.drawing import DRAWERS
from tests.law.rows import Rows, Watched
from tests.law.world import World

# How an act says that it did nothing.
REFUSALS = (
    PermissionDenied, ValidationError, RecordingRefused, ProtectedError, RestrictedError,
    AssignmentRefused, IssueRefused, PlanRefused, PlanChanged, WorkbookRefused,
)  # fmt: skip
KEPT = KeptContent._meta.db_table
# What isn't told of an act's arguments.
_HIDDEN = {"user", "world", "form_class", "may", "table", "sheet"}


class LawBroken(AssertionError):
    """An act changed what is closed, or was refused and wrote all the same."""


@dataclass
class Course:
    """What one sequence did: its steps in words, and how often each act was done or refused."""

    steps: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


def seeds_of(seed: int, count: int) -> list[int]:
    """The seeds of a sequence's steps."""
    draw = Random(seed)  # noqa: S311 - no secret
    return [draw.getrandbits(48) for _ in range(count)]


def run(world: World, steps: Sequence[int]) -> Course:
    """Do the steps one after the other in a transaction that is rolled back; raises LawBroken."""
    course = Course()
    with transaction.atomic():
        try:
            _drive(world, steps, course)
        finally:
            transaction.set_rollback(True)
    return course


def shrunk(world: World, steps: Sequence[int], fails: Callable[[Sequence[int]], bool]) -> list[int]:
    """Those steps of a failing sequence without any of which it doesn't fail."""
    needed = list(steps)
    for step in steps:
        fewer = [one for one in needed if one != step]
        if fails(fewer):
            needed = fewer
    return needed


def breaks(world: World, steps: Sequence[int]) -> bool:
    """Whether a sequence breaks the law."""
    try:
        run(world, steps)
    except LawBroken:
        return True
    return False


def _drive(world: World, steps: Sequence[int], course: Course) -> None:
    names = list(DRAWERS)
    weights = [weight for _drawer, weight in DRAWERS.values()]
    with Watched().watching() as rows:
        before = rows.now()
        for step in steps:
            draw = Random(step)  # noqa: S311 - no secret
            (name,) = draw.choices(names, weights)
            act = DRAWERS[name][0](world, draw)
            if act is None:
                continue
            short = name.rpartition(".")[2]
            try:
                act()
            except REFUSALS as refusal:
                course.refused[name] += 1
                course.steps.append(f"{step} {short} refused: {refusal}"[:160])
                if rows.wrote and rows.now() != before:
                    raise LawBroken(f"{course.steps[-1]}: it wrote all the same") from refusal
                continue
            except Exception as error:
                error.add_note(f"{step} {short} {_told(act)}")
                raise
            course.done[name] += 1
            course.steps.append(f"{step} {short} {_told(act)}"[:300])
            if rows.wrote:
                before = _check(before, rows.now(), course)


def _check(before: Rows, now: Rows, course: Course) -> Rows:
    """Hold the law against what stands now, and return that."""
    kept = before[KEPT]
    if now[KEPT][: len(kept)] != kept:
        raise LawBroken(f"{course.steps[-1]}: kept contents are not what they were")
    for plan in Strategy.objects.order_by("pk"):
        for year in differences_from_kept(plan):
            if not year.holds or year.differences:
                told = "\n".join(map(str, year.differences[:5]))
                where = f"{plan.code} {year.fiscal_year}"
                raise LawBroken(f"{course.steps[-1]}: {where} is not what was kept\n{told}")
    return now


def _told(act: Callable[[], object]) -> str:
    """What an act was called with: the names that its draw bound."""
    bound = zip(act.__code__.co_freevars, act.__closure__ or (), strict=True)
    return ", ".join(
        f"{name}={_plain(cell.cell_contents)}" for name, cell in bound if name not in _HIDDEN
    )


def _plain(value: object) -> object:
    return dict(value.items()) if isinstance(value, QueryDict) else value
