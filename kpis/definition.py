"""What a KPI is: what it measures, when it lives, where it stands, by what it is rated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from common.reading.units import is_percent
from kpis.achievement import Number, display_value
from kpis.targets import former_state, row_in_force
from kpis.terms import LastYearUntil, PlanRules, RatingTerms
from projects.scales import Scale


@dataclass(frozen=True, slots=True)
class OwnScale:
    """By what one KPI is rated from a fiscal year on; `scale` None: as the plan's others again."""

    effective_from: int
    scale: Scale | None
    reason: str = ""


def scale_of(own: Sequence[OwnScale], fiscal_year: int, rules: RatingTerms) -> Scale:
    """By what a KPI with some scales of its own is rated in a year whose `rules` are given."""
    row = row_in_force(own, fiscal_year)
    return rules.scale if row is None or row.scale is None else row.scale


@dataclass(frozen=True, slots=True)
class PlaceUntil:
    """Where a KPI stood in the plan until the end of a fiscal year.

    `reason` says why it was moved then; `order` is by what KPIs stand in printed order: the
    project's position and code, and the number.
    """

    held_until: int
    code: str
    project_code: str
    project_name: str
    order: tuple[int, str, int] = (0, "", 0)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KpiDefinition:
    """What a KPI measures, when it lives and how its rates are computed. Ids are the database's.

    Code and project are those of now, the baseline that with which the KPI begins; an assessment
    gives those of a year. `first_year` and `last_year` are None where they are the plan's.
    `is_goal` says that it is a 数値目標 of a pillar or of the plan, outside all projects.
    """

    id: int
    code: str
    name: str
    unit: str
    decimal_places: int
    aggregation: str
    direction: str
    formula: str
    baseline: Decimal | None
    baseline_year: int | None
    project_code: str
    project_name: str
    department_id: int | None
    department_name: str
    first_year: int | None = None
    last_year: int | None = None
    former_ends: tuple[LastYearUntil, ...] = ()
    former_places: tuple[PlaceUntil, ...] = ()
    order: tuple[int, str, int] = (0, "", 0)
    own_scales: tuple[OwnScale, ...] = ()
    is_goal: bool = False

    def begins(self, rules: PlanRules) -> int:
        """The first fiscal year in which the KPI lives."""
        return rules.first_year if self.first_year is None else self.first_year

    def ends_as_of(self, fiscal_year: int) -> int | None:
        """The last year of its life as far as a year knows; None where it is the plan's."""
        former = former_state(self.former_ends, fiscal_year)
        return self.last_year if former is None else former.last_year

    def lives_in(self, fiscal_year: int, rules: PlanRules) -> bool:
        """Whether the KPI is measured in a year of the plan."""
        last = self.ends_as_of(fiscal_year)
        return self.begins(rules) <= fiscal_year and (last is None or fiscal_year <= last)

    def placed_in(self, fiscal_year: int) -> "KpiDefinition":
        """With the code and the project that it has in a year."""
        place = former_state(self.former_places, fiscal_year)
        if place is None:
            return self
        return replace(
            self,
            code=place.code,
            project_code=place.project_code,
            project_name=place.project_name,
            order=place.order,
        )

    def scale_in(self, fiscal_year: int, rules: PlanRules) -> Scale:
        """By what it is rated in a year whose `rules` are given: its own scale, else the plan's."""
        return scale_of(self.own_scales, fiscal_year, rules)

    @property
    def is_cumulative(self) -> bool:
        """Whether its yearly actuals add up over the plan."""
        return self.aggregation == "cumulative"

    @property
    def is_percent(self) -> bool:
        """Whether its figures are shares, whose differences are ポイント."""
        return is_percent(self.unit)

    def written(self, figure: Number) -> str:
        """A figure as people read it, with the unit: `1,234件`."""
        return f"{display_value(figure, self.decimal_places)}{self.unit}"
