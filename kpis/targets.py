"""What a KPI aims at in a fiscal year: the target in force, and the value due by the year's end.

Pure and exact, like `kpis.achievement`. Source of the rules: docs/domain.md, Targets.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol, TypeVar

from kpis.achievement import RATE_DECIMALS, Number, exact_rate, expected_value

# What a reached value is short of a target that asks for more (超, 未満).
_A_HAIR = Fraction(1, 10**RATE_DECIMALS)


class MetBy(StrEnum):
    """How a target in words is met; empty for a target that is a figure."""

    FIGURE = ""
    BETTER = "better"
    KEPT = "kept"
    PEOPLE = "people"


class Outcome(StrEnum):
    """How a KPI came out."""

    REACHED = "reached"
    MISSED = "missed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """As tables print it."""
        return _LABELS[self]


_LABELS = {
    Outcome.REACHED: "達成",
    Outcome.MISSED: "未達成",
    Outcome.UNKNOWN: "算出不可",
}


class Dated(Protocol):
    """What carries the fiscal year from which it holds."""

    @property
    def effective_from(self) -> int: ...


_Row = TypeVar("_Row", bound=Dated)


def row_in_force(rows: Sequence[_Row], year: int) -> _Row | None:
    """The row that holds for a year: the latest effective by then; None if none is."""
    known = [row for row in rows if row.effective_from <= year]
    return max(known, key=lambda row: row.effective_from, default=None)


class Former(Protocol):
    """How something stood until the end of a fiscal year."""

    @property
    def held_until(self) -> int: ...


_Former = TypeVar("_Former", bound=Former)


def former_state(rows: Sequence[_Former], year: int) -> _Former | None:
    """How something stood in a year that has changed since; None where it stood as it does now."""
    still = [row for row in rows if row.held_until >= year]
    return min(still, key=lambda row: row.held_until, default=None)


@dataclass(frozen=True, slots=True)
class Target:
    """One row of a KPI's targets, which holds from a fiscal year until the next row does.

    At most one of `value` and `words` says what is to be reached; neither: not yet set.
    `is_strict` asks for more than the value (超, 未満); `tolerance` is how far from it the level
    counts as kept, in the unit. `target_year` is None where it is the plan's last year.
    `baseline` is None where the row leaves the baseline as it was.
    """

    effective_from: int
    value: Decimal | None
    words: str = ""
    met_by: str = ""
    is_strict: bool = False
    tolerance: Decimal | None = None
    target_year: int | None = None
    baseline: Decimal | None = None
    baseline_year: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether the row says what is to be reached."""
        return self.value is not None or bool(self.words)


# What a row of targets says.
TARGET_COLUMNS = tuple(column.name for column in fields(Target))


def target_of(row: Any) -> Target:
    """A row of the database, or of its history, as the rules of rates take it."""
    return Target(*(getattr(row, name) for name in TARGET_COLUMNS))


@dataclass(frozen=True)
class Course:
    """A KPI's targets over its years: what each year aims at, and what is due by its end.

    `begins` is the KPI's first fiscal year, `last_year_in` the plan's last year as it is in force
    for a year, `start` the baseline with which the KPI begins.
    """

    rows: Sequence[Target]
    yearly: Mapping[int, Decimal]
    begins: int
    last_year_in: Callable[[int], int]
    start: Decimal | None = None
    start_year: int | None = None
    aggregation: str = "annual"
    direction: str = "increase"
    formula: str = "ratio"

    @cached_property
    def _is_plain(self) -> bool:
        """Whether no row restates anything but the value, which is nearly always so."""
        return all(row.baseline is None and row.target_year is None for row in self.rows)

    def target(self, year: int) -> Target | None:
        """The target in force for a year; None before the first."""
        return row_in_force(self.rows, year)

    def target_year(self, year: int) -> int:
        """The year by which the target in force is to be reached."""
        row = self.target(year)
        if row is not None and row.target_year is not None:
            return row.target_year
        return self.last_year_in(year)

    def baseline(self, year: int) -> tuple[Decimal | None, int | None]:
        """The baseline in force for a year, and the fiscal year of which it is."""
        if not self._is_plain:
            stating = [row for row in self.rows if row.baseline is not None]
            row = row_in_force(stating, year)
            if row is not None:
                return row.baseline, row.baseline_year
        return self.start, self.start_year

    def expected(self, year: int) -> Fraction | None:
        """e(year): the value due by the end of a year of the KPI; None without a target for it."""
        row, last = self.target(year), self.target_year(year)
        goal = None if row is None else row.value
        since, before = self.way(year) or (self.begins, None)
        due = expected_value(
            year,
            first_year=since,
            last_year=last,
            final_target=goal,
            yearly_target=self.yearly.get(year),
            aggregation=self.aggregation,
            formula=self.formula,
            baseline=before,
            due_before=before or 0,
        )
        if before is None or due is None or goal is None:
            return due
        # Where more was due before than a lowered target asks for, that target is all that is due.
        return min(due, Fraction(goal)) if self._increases else max(due, Fraction(goal))

    def way(self, year: int) -> tuple[int, Number | None] | None:
        """The line to the target on which a year's expected value lies; None where on none.

        Its first year, and the value from which it leads there (None where nobody knows).
        """
        row = self.target(year)
        if row is None or row.value is None or not self._leads_there:
            return None
        if year >= self.target_year(year) or year in self.yearly:
            return None
        since = self._unchanged_since(year)
        return since, self._due_before(since)

    @property
    def _leads_there(self) -> bool:
        """Whether less than the target is due before its year."""
        return self.aggregation == "cumulative" or self.formula == "from_baseline"

    @property
    def _increases(self) -> bool:
        return self.direction == "increase"

    def _unchanged_since(self, year: int) -> int:
        """The year from which the target of a year and the year of reaching it have stood."""
        row, last = self.target(year), self.target_year(year)
        since = year
        while since > self.begins:
            before = since - 1
            if self.target(before) is not row or self.target_year(before) != last:
                break
            since = before
        return since

    def _due_before(self, since: int) -> Number | None:
        """Where the way to a target begins that has stood since a year; None if nobody knows."""
        row = self.target(since)
        is_cumulative = self.aggregation == "cumulative"
        if not is_cumulative and row is not None and row.baseline is not None:
            return row.baseline
        due = self.expected(since - 1) if since > self.begins else None
        if due is not None:
            return due
        return 0 if is_cumulative else self.baseline(since)[0]


def target_rate(
    value: Number | None,
    target: Target | None,
    *,
    direction: str,
    formula: str,
    baseline: Number | None,
) -> Fraction | None:
    """The rate of a value against a final target in percent; None where not computable.

    Where the target asks for more than its value, this value itself is a hair below 100. Where a
    level is to be kept within a tolerance, all of it is 100, and what is worse is measured
    against its edge.
    """
    if value is None or target is None or target.value is None:
        return None
    goal: Number = target.value
    if target.tolerance and is_worse(value, goal, direction):
        goal = edge_of(target, direction)
        if not is_worse(value, goal, direction):
            return Fraction(100)
    exact = exact_rate(value, goal, direction=direction, formula=formula, baseline=baseline)
    return 100 - _A_HAIR if target.is_strict and exact is not None and value == goal else exact


def is_reached(value: Number, target: Target, direction: str) -> bool:
    """Whether a value reaches a final target that is a figure."""
    goal = edge_of(target, direction)
    return not (is_worse(value, goal, direction) or (target.is_strict and value == goal))


def is_worse(value: Number, other: Number, direction: str) -> bool:
    """Whether a value is worse than another in the KPI's direction."""
    return value < other if direction == "increase" else value > other


def edge_of(target: Target, direction: str) -> Decimal:
    """The worst value at which a target that is a figure counts as reached: a level as kept."""
    goal, width = target.value or Decimal(0), target.tolerance or Decimal(0)
    return goal - width if direction == "increase" else goal + width
