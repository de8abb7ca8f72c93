"""Ratings by position: where a value stands to its target, to what is due, and to values before.

Pure and exact, like `kpis.achievement`. Source of the rules: docs/domain.md, Rating by position.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kpis.achievement import Absence, Number
from kpis.definition import KpiDefinition
from kpis.targets import MetBy, Target, edge_of, is_reached, is_worse
from projects.bands import Band
from projects.scales import Reference, Relation, Scale, Step, Width


@dataclass(frozen=True, slots=True)
class Position:
    """A value of one year and what it can be compared with; None is unknown, and not compared.

    `value` is held against targets (the sum so far of a cumulative KPI), `own` is what the year
    itself brought, `before` the value that this is compared with (前の値). `definition` has the
    baseline in force.
    """

    value: Number
    own: Number | None
    target: Target | None
    expected: Fraction | None
    before: Number | None
    baseline: Number | None
    definition: KpiDefinition

    @property
    def direction(self) -> str:
        """Which way is better: increase or decrease."""
        return self.definition.direction

    @property
    def is_target_reached(self) -> bool | None:
        """Whether the final target is reached, in words too; None where nobody can say."""
        if self.target is None:
            return None
        if self.target.value is not None:
            return is_reached(self.value, self.target, self.direction)
        if self.baseline is None:
            return None
        if self.target.met_by == MetBy.BETTER:
            return is_worse(self.baseline, self.value, self.direction)
        if self.target.met_by == MetBy.KEPT:
            return not is_worse(self.value, self.baseline, self.direction)
        return None

    @property
    def is_nothing_due(self) -> bool:
        """Whether the year asks for nothing though later ones do, and that is not reached."""
        start = 0 if self.definition.is_cumulative else self.baseline
        if self.expected is None or start is None or self.expected != start:
            return False
        goal = None if self.target is None else self.target.value
        return goal != start and not self.is_target_reached


def band_by_position(scale: Scale, position: Position | None) -> tuple[Band | None, Absence | None]:
    """The band of the first row that holds, or why there is none.

    Rows whose 相手 is unknown are skipped; where no row but その他 is left, and without a value
    (None), nothing can be said. Where nothing is due this year, a scale that asks what is due
    says nothing either.
    """
    if position is None:
        return None, Absence.UNCOMPUTABLE
    asks_what_is_due = any(step.against == Reference.EXPECTED for step in scale.steps)
    if asks_what_is_due and position.is_nothing_due:
        return None, Absence.NOT_APPLICABLE
    was_compared = False
    for step in scale.steps:
        if step.is_otherwise:
            break
        holds = _holds(step, position)
        if holds:
            return scale.at(step.place), None
        was_compared = was_compared or holds is not None
    if not was_compared:
        return None, Absence.UNCOMPUTABLE
    return scale.at(scale.steps[-1].place), None


def _holds(step: Step, position: Position) -> bool | None:
    """Whether a row's condition holds; None where what it compares with is unknown."""
    value = position.value
    if step.against == Reference.FINAL:
        return _holds_for_target(step, position)
    if step.against == Reference.EXPECTED:
        other: Number | None = position.expected
    elif step.against == Reference.PREVIOUS:
        other = position.before
        if position.own is None:
            return None
        value = position.own
    else:
        other = None if position.definition.is_cumulative else position.baseline
    return None if other is None else _stands(step, position, value, other)


def _holds_for_target(step: Step, position: Position) -> bool | None:
    target = position.target
    if step.relation == Relation.REACHES and position.is_target_reached:
        return True
    if target is None or target.value is None:
        # Words are reached or not; nothing is better than they are, or near them.
        return position.is_target_reached if step.relation == Relation.REACHES else None
    if step.relation == Relation.REACHES and not step.tolerance:
        return False
    edge = edge_of(target, position.direction)
    other = edge if step.relation == Relation.REACHES else target.value
    return _stands(step, position, position.value, other)


def _stands(step: Step, position: Position, value: Number, other: Number) -> bool | None:
    """Whether a value stands so to another; None for points where the unit isn't a share."""
    width = _width(step, position, other)
    if width is None:
        return None
    ahead = Fraction(value) - Fraction(other)
    if position.direction == "decrease":
        ahead = -ahead
    return _RELATIONS[step.relation](ahead, width)


def _width(step: Step, position: Position, other: Number) -> Fraction | None:
    tolerance = Fraction(step.tolerance or Decimal(0))
    if step.width == Width.PERCENT:
        return abs(Fraction(other)) * tolerance / 100
    if step.width == Width.POINTS and tolerance and not position.definition.is_percent:
        return None
    return tolerance


# How far ahead a value is (in the KPI's direction), and how wide the tolerance.
_RELATIONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    Relation.REACHES: lambda ahead, width: ahead >= -width,
    Relation.BETTER: lambda ahead, width: ahead > width,
    Relation.SIMILAR: lambda ahead, width: abs(ahead) <= width,
}
