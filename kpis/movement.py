"""What moved since the year before: KPIs whose rating rose or fell."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kpis.assessment import KpiAssessment, PlanRules


@dataclass(frozen=True, slots=True)
class Movement:
    """One KPI in the year before and in this year.

    `direction` is up, down or same, by its rating; empty where one of the
    years has none. Rates are those that ratings are read from.
    """

    before: KpiAssessment
    after: KpiAssessment
    direction: str
    before_rate: Fraction | None
    after_rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Movements:
    """All KPIs in printed order, beside the year before."""

    all: tuple[Movement, ...]

    def count(self, direction: str) -> int:
        """How many went that way: up, down, same, or empty for those not comparable."""
        return sum(one.direction == direction for one in self.all)

    @property
    def moved(self) -> tuple[Movement, ...]:
        """Those whose rating rose or fell, in printed order."""
        return tuple(one for one in self.all if one.direction in ("up", "down"))


def movements_of(
    before: Sequence[KpiAssessment], after: Sequence[KpiAssessment], rules: PlanRules
) -> Movements:
    """Each KPI of this year beside itself in the year before."""
    earlier = {kpi.definition.id: kpi for kpi in before}
    return Movements(tuple(_movement(earlier[kpi.definition.id], kpi, rules) for kpi in after))


def _movement(before: KpiAssessment, after: KpiAssessment, rules: PlanRules) -> Movement:
    direction = ""
    if before.rating is not None and after.rating is not None:
        was, now = rules.bands.index(before.rating), rules.bands.index(after.rating)
        direction = "same" if was == now else "up" if now < was else "down"
    return Movement(before, after, direction, rating_rate(before, rules), rating_rate(after, rules))


def rating_rate(kpi: KpiAssessment, rules: PlanRules) -> Fraction | None:
    """The rate that the KPI's rating is read from, in percent."""
    return kpi.progress if rules.rating_basis == "progress" else kpi.achievement
