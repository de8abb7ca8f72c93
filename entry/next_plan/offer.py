"""What a plan has to give to the next one, and which baseline each KPI brings along."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.fiscal_year import wareki
from kpis.models import ActualState, Kpi
from kpis.series import KpiSeries, load_series
from kpis.value_years import mark_of, measured_in
from projects.initiative_codes import with_home_number
from projects.models import (
    Department,
    InitiativeListing,
    Pillar,
    Project,
    ProjectDirection,
    Strategy,
    living_in,
)

# How a KPI leads to those of other plans, which the next plan's rows name.
_OTHER_KPIS = tuple(
    f"{column.name}__project__strategy"
    for column in Kpi._meta.concrete_fields
    if column.related_model is Kpi
)


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline and its fiscal year; None where there is none."""

    value: Decimal | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedKpi:
    """A KPI of the old plan with its figures."""

    kpi: Kpi
    series: KpiSeries

    @property
    def code(self) -> str:
        """`P1-2`."""
        return self.series.definition.code

    @property
    def last_year(self) -> int | None:
        """The last year that was measured, finally or provisionally."""
        return last_measured_year(self.series)

    @property
    def last(self) -> str:
        """The last figure in words: `令和10年度 9件（累計 21件、速報）`; empty without one."""
        year = self.last_year
        if year is None:
            return ""
        definition, assessed = self.series.definition, self.series.assess(year)
        remarks = []
        if definition.is_cumulative and assessed.value is not None:
            word = "参考の累計" if assessed.is_reference else "累計"
            remarks.append(f"{word} {definition.written(assessed.value)}")
        if self.series.actuals[year].state == ActualState.PROVISIONAL:
            remarks.append("速報")
        measured = self.series.measurements[year]
        own = measured.value or Decimal(0)
        if measured.year is not None:
            remarks.insert(0, mark_of(measured.year))
        more = f"（{'、'.join(remarks)}）" if remarks else ""
        return f"{wareki(year)} {definition.written(own)}{more}"

    @property
    def baseline(self) -> Baseline:
        """The baseline offered to the next plan."""
        return offered_baseline(self.series)


@dataclass(frozen=True, slots=True)
class Offer:
    """All that a plan consists of, in printed order, each row with what it refers to.

    `goal_holders` are what holds 数値目標, which are no projects.
    """

    plan: Strategy
    pillars: Sequence[Pillar]
    projects: Sequence[Project]
    directions: Sequence[ProjectDirection]
    initiatives: Sequence[Any]
    listings: Sequence[InitiativeListing]
    kpis: Sequence[OfferedKpi]
    goal_holders: Sequence[Project] = ()

    @property
    def referred_to(self) -> list[Kpi | Department]:
        """What the next plan's rows refer to outside their own plan."""
        kpis = [one.kpi for one in self.kpis]
        owners = [one.department for one in [*kpis, *self.initiatives] if one.department]
        related = [one for kpi in kpis for one in kpi.related_departments.all()]
        return [*kpis, *owners, *related]


def last_measured_year(series: KpiSeries) -> int | None:
    """The last of the plan's years that has a value."""
    return max((year for year in series.rules.years if series.has_value(year)), default=None)


def offered_baseline(series: KpiSeries) -> Baseline:
    """The last year's own figure; where nothing was measured, the baseline that stands.

    A figure that was carried forward is one of the year in which it was measured. For a
    cumulative KPI it is one year's figure too, never the sum: the next plan counts from nothing
    (docs/domain.md, The next plan).
    """
    year = last_measured_year(series)
    if year is None:
        return Baseline(series.definition.baseline, series.definition.baseline_year)
    measured = series.measurements[year]
    return Baseline(measured.value, measured_in(year, measured))


def load_offer(plan: Strategy) -> Offer:
    """What the plan has in its last year to give, in eleven queries whatever its size."""
    of_plan = "project__strategy"
    by_position = ("project__position", "project__code", "number")
    living = living_in(plan.last_year)
    kpis = Kpi.objects.filter(living, project__strategy=plan).select_related(
        of_plan, "project__pillar", "department", *_OTHER_KPIS
    )
    kpis = kpis.prefetch_related("related_departments")
    by_id = {kpi.pk: kpi for kpi in kpis}
    initiatives = with_home_number(
        plan.initiatives.filter(living).select_related(
            "strategy", "home_project__strategy", "department"
        )
    )
    homes = list(
        plan.projects.select_related("strategy", "pillar__strategy").order_by("position", "code")
    )
    return Offer(
        plan=plan,
        pillars=list(plan.pillars.select_related("strategy").order_by("number")),
        projects=[one for one in homes if not one.holds_goals],
        goal_holders=[one for one in homes if one.holds_goals],
        directions=list(
            ProjectDirection.objects.filter(project__strategy=plan)
            .select_related(of_plan)
            .order_by(*by_position)
        ),
        initiatives=list(
            initiatives.order_by("home_project__position", "home_project__code", "home_number")
        ),
        listings=list(
            InitiativeListing.objects.filter(living, project__strategy=plan)
            .select_related(of_plan, "initiative__strategy")
            .order_by(*by_position)
        ),
        kpis=[
            OfferedKpi(by_id[one.definition.id], one)
            for one in load_series(plan)
            if one.definition.id in by_id
        ],
    )
